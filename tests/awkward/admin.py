"""An AdminSite of its own whose admins use what Django lets them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.admin import GenericTabularInline

from tests.awkward.models import (
    Maker,
    Note,
    Painting,
    Part,
    Place,
    ShownThing,
    Tag,
    Thing,
)


class AwkwardSite(admin.AdminSite):
    site_header = "Awkward"


site = AwkwardSite(name="awkward")
site.register(Tag)


class NoteInline(GenericTabularInline):
    model = Note
    extra = 1


class PartInline(admin.TabularInline):
    model = Part
    extra = 2
    max_num = 4
    readonly_fields = ("shown_count",)

    @admin.display(description="in words")
    def shown_count(self, part: Part) -> str:
        return f"{part.count} pieces"


@admin.register(Maker, site=site)
class MakerAdmin(admin.ModelAdmin):
    list_display = ("name", "is_retired")
    search_fields = ("name",)
    ordering = ("name",)
    inlines = (NoteInline,)


@admin.register(Place, site=site)
class PlaceAdmin(admin.ModelAdmin):
    """Lets nobody change or delete a place that is sealed."""

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return self._is_free(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return self._is_free(obj) and super().has_delete_permission(request, obj)

    def _is_free(self, place: Place | None) -> bool:
        return place is None or not place.is_sealed


@admin.register(Thing, site=site)
class ThingAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "price", "is_shown", "tag_names")
    list_editable = ("price", "is_shown")
    list_filter = ("kind", "is_shown")
    search_fields = ("name",)
    date_hierarchy = "seen_at"
    save_as = True
    autocomplete_fields = ("maker",)
    raw_id_fields = ("place",)
    radio_fields = {"kind": admin.HORIZONTAL}
    filter_horizontal = ("tags",)
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("added_at", "tag_names")
    inlines = (PartInline,)

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        """Show what only a stored thing has on its change page alone."""
        del request
        own = [
            *("name", "slug", "kind", "maker", "place", "tags", "price"),
            *("seen_at", "made_on", "details", "is_shown", "is_whole", "remark"),
        ]
        kept = [("Kept", {"fields": ("added_at", "tag_names")})] if obj else []
        return [(None, {"fields": own}), *kept]

    def get_form(  # type: ignore[override]  # `change` is handed on
        self, request: Any, obj: Any = None, **kwargs: Any
    ) -> Any:
        """Let only superusers write the remark."""
        form = super().get_form(request, obj, **kwargs)
        if "remark" in form.base_fields:
            form.base_fields["remark"].disabled = not request.user.is_superuser
        return form

    def get_inlines(self, request: Any, obj: Any) -> Any:
        """Add notes to the page of a thing that is stored."""
        del request
        return [*self.inlines, NoteInline] if obj else self.inlines

    def formfield_for_foreignkey(
        self, db_field: Any, request: Any, **kwargs: Any
    ) -> Any:
        if db_field.name == "place":
            kwargs["queryset"] = Place.objects.filter(is_sealed=False)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "made_on":
            kwargs["widget"] = forms.SelectDateWidget(years=range(1900, 2031))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="tags")
    def tag_names(self, thing: Thing) -> str:
        return ", ".join(sorted(tag.name for tag in thing.tags.all()))


@admin.register(ShownThing, site=site)
class ShownThingAdmin(admin.ModelAdmin):
    """Shows only what is shown: hiding a thing takes it away from here."""

    fields = ("name", "maker", "is_shown")

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).filter(is_shown=True)


@admin.register(Painting, site=site)
class PaintingAdmin(admin.ModelAdmin):
    fields = ("name", "maker", "technique", "seen_at")
    inlines = (PartInline, NoteInline)
