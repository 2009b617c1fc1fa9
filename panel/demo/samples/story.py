"""Who connected what, how many days ago, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from agent_connector.models import Level


class Ending(StrEnum):
    """What became of a connection. All but the first two are reasons to revoke."""

    ACTIVE = "active"
    EXPIRED = "expired"
    USER = "user"
    ADMIN = "admin"
    DISABLED = "disabled"
    REUSE = "reuse"
    CLIENT = "client"
    REPLACED = "replaced"


PERSONAL = "personal"
"""In place of a program: a personal access token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One connection of one of the sample staff."""

    username: str
    program: str
    level: Level
    opened_days: int
    ending: Ending
    ended_days: int
    """Days ago; of an active connection the last use, of others the end."""

    busy: int
    """How many calls there were, compared with other connections."""


STORY = """
amelie   claude-code  write   170  expired   118  2
amelie   claude-code  write    96  replaced   64  2
amelie   claude-code  write    64  active      0  9
amelie   claude-code  read     29  active      1  4
amelie   claude-code  write    13  active      0  6
joris    claude       read    128  active      0  8
joris    chatgpt      write    44  active      3  4
joris    inspector    read    130  client    130  2
priya    claude-code  delete  160  active      0  7
priya    inspector    read    167  expired   120  2
priya    inspector    read     20  user       19  1
priya    personal     read     37  active      0  5
tomasz   vscode       write    90  active      1  5
ingrid   chatgpt      write    85  active      0  8
ingrid   chatgpt      write    86  user       85  2
mateo    cursor       write    70  active      2  6
mateo    claude       read     40  admin      16  3
hana     claude       read     60  active      0  6
conor    codex        write    55  active      4  5
conor    codex        write    56  reuse      55  2
lena     gemini       write    50  active      0  5
lena     claude       delete   31  active      6  3
yusuf    chatgpt      read     45  active     12  2
clara    claude-code  write    40  active      0  7
clara    cursor       write    38  active      1  4
nils     personal     read     35  active      0  6
nils     personal     read     36  admin      35  2
zoe      claude       read     30  client      8  3
zoe      claude       read      8  active      0  4
samir    claude-code  write    22  active      0  6
samir    vscode       read     21  replaced   18  2
samir    vscode       write    18  active      5  3
fiona    claude       write   158  expired   101  2
fiona    chatgpt      write   112  expired    58  2
fiona    personal     read    150  expired    60  2
oscar    gemini       read    147  expired    99  2
chiara   claude       write    17  active      2  5
paul     codex        read     10  active      0  3
anika    claude-code  delete  140  disabled    9  5
anika    cursor       write    80  disabled    9  3
diego    chatgpt      write   118  disabled   31  2
maud     claude       read     64  disabled    2  4
maud     inspector    read     65  user       65  2
gabriel  claude       read    108  expired    52  2
gabriel  chatgpt      read     57  admin      41  2
judith   claude-code  write   152  expired    70  2
judith   claude       write    95  admin      40  2
"""
"""Who, with what, how far, opened how many days ago, how it ended, when, how busy.

Kept as people would tell it; nobody has a connection before being enabled.
"""


def _read_episode(line: str) -> Episode:
    username, program, level, opened, ending, ended, busy = line.split()
    return Episode(
        username=username,
        program=program,
        level=Level(level),
        opened_days=int(opened),
        ending=Ending(ending),
        ended_days=int(ended),
        busy=int(busy),
    )


EPISODES = tuple(_read_episode(line) for line in STORY.strip().splitlines())
