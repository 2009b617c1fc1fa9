"""Models that an admin is awkward about: keys, inheritance, proxies, generic rows."""

from __future__ import annotations

import uuid

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Maker(models.Model):
    """Has a UUID for key; one that retired cannot be chosen any more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    is_retired = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """Has a key that people type in, with whatever characters they like."""

    code = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=60)
    is_sealed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    name = models.CharField(max_length=30, unique=True)

    def __str__(self) -> str:
        return self.name


class Thing(models.Model):
    class Kind(models.TextChoices):
        FOUND = "found", "Found"
        GIVEN = "given", "Given"
        BOUGHT = "bought", "Bought"

    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FOUND)
    maker = models.ForeignKey(
        Maker, on_delete=models.PROTECT, limit_choices_to={"is_retired": False}
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True)
    price = models.DecimalField(max_digits=9, decimal_places=2, default=1)
    seen_at = models.DateTimeField(null=True, blank=True)
    made_on = models.DateField(null=True, blank=True)
    details = models.JSONField(default=dict, blank=True)
    is_shown = models.BooleanField(default=True)
    is_whole = models.BooleanField(null=True, blank=True)
    remark = models.TextField(blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    notes = GenericRelation("awkward.Note")

    class Meta:
        unique_together = [("name", "maker")]

    def __str__(self) -> str:
        return self.name


class ShownThing(Thing):
    """A proxy, with permissions and an admin of its own."""

    class Meta:
        proxy = True


class Painting(Thing):
    """A child with a table of its own."""

    technique = models.CharField(max_length=60)


class Part(models.Model):
    """A row on the page of its thing, with a UUID for key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    thing = models.ForeignKey(Thing, on_delete=models.CASCADE, related_name="parts")
    name = models.CharField(max_length=60)
    count = models.PositiveIntegerField(default=1)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        unique_together = [("thing", "name")]

    def __str__(self) -> str:
        return self.name


class Note(models.Model):
    """A row on the page of anything."""

    text = models.CharField(max_length=200)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.CharField(max_length=60)
    about = GenericForeignKey()

    def __str__(self) -> str:
        return self.text
