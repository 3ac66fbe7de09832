from django.urls import path

from polls import views

urlpatterns = [
    path("", views.index),
    path("vote/<str:choice>", views.vote),
    path("upload/<str:name>", views.upload),
]
