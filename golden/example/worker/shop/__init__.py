from .tasks import app

__all__ = ["app"]
