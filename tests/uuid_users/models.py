"""Users of a host project that has its own idea of them: UUID keys, e-mail sign-in."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models


class PersonManager(BaseUserManager):
    def create_user(self, email: str, password: str, **fields: Any) -> Person:
        person = Person(email=email, **fields)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=100)
    is_staff = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    objects = PersonManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"

    class Meta:
        app_label = "uuid_users"

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return self.full_name
