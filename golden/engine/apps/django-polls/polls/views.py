from django.core.files.storage import default_storage
from django.core.files.base import ContentFile
from django.http import HttpResponse

from .models import Vote


def index(request):
    return HttpResponse("polls: %s\n" % ", ".join(sorted(v.choice for v in Vote.objects.all())))


def vote(request, choice):
    Vote.objects.create(choice=choice)
    return HttpResponse("voted\n", status=201)


def upload(request, name):
    default_storage.delete(name)
    default_storage.save(name, ContentFile(b"x"))
    return HttpResponse("saved\n", status=201)
