"""Names and places for sample people; no real person is meant."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A town with the shape of its telephone numbers and some of its streets."""

    city: str
    postcode: str
    country: str
    dial: str
    streets: tuple[str, ...]


HOMES = (
    Home(
        city="Hamburg",
        postcode="22765",
        country="DE",
        dial="+49 40",
        streets=("Elbchaussee", "Bahrenfelder Straße", "Große Elbstraße"),
    ),
    Home(
        city="Leipzig",
        postcode="04229",
        country="DE",
        dial="+49 341",
        streets=("Karl-Heine-Straße", "Zschochersche Straße"),
    ),
    Home(
        city="München",
        postcode="80469",
        country="DE",
        dial="+49 89",
        streets=("Klenzestraße", "Fraunhoferstraße", "Reichenbachstraße"),
    ),
    Home(
        city="Wien",
        postcode="1070",
        country="AT",
        dial="+43 1",
        streets=("Neubaugasse", "Burggasse", "Lindengasse"),
    ),
    Home(
        city="Amsterdam",
        postcode="1015 CJ",
        country="NL",
        dial="+31 20",
        streets=("Prinsengracht", "Haarlemmerdijk", "Bloemgracht"),
    ),
    Home(
        city="Gent",
        postcode="9000",
        country="BE",
        dial="+32 9",
        streets=("Kraanlei", "Veldstraat"),
    ),
    Home(
        city="Lyon",
        postcode="69001",
        country="FR",
        dial="+33 4",
        streets=("Rue Mercière", "Rue des Capucins", "Montée de la Grande Côte"),
    ),
    Home(
        city="København",
        postcode="2200",
        country="DK",
        dial="+45 33",
        streets=("Jægersborggade", "Nørrebrogade"),
    ),
    Home(
        city="Göteborg",
        postcode="413 01",
        country="SE",
        dial="+46 31",
        streets=("Haga Nygata", "Linnégatan"),
    ),
    Home(
        city="Bristol",
        postcode="BS1 5UH",
        country="GB",
        dial="+44 117",
        streets=("King Street", "Welsh Back", "Park Row"),
    ),
    Home(
        city="Cork",
        postcode="T12 X70A",
        country="IE",
        dial="+353 21",
        streets=("Oliver Plunkett Street", "Paul Street"),
    ),
    Home(
        city="Valencia",
        postcode="46003",
        country="ES",
        dial="+34 96",
        streets=("Plaza Redonda", "Avenida del Puerto"),
    ),
)

_HERE = Path(__file__).parent
FIRST_NAMES = tuple((_HERE / "first_names.txt").read_text("utf-8").split("\n")[:-1])
LAST_NAMES = tuple((_HERE / "last_names.txt").read_text("utf-8").split("\n")[:-1])
