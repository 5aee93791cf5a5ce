"""What the audience of a workbook may read. The one way from a content to the tabs: every table is built behind it."""

from __future__ import annotations

from msgspec.structs import replace

from pmosync.dashboard.content import Content
from pmosync.dashboard.mask import masked, withheld
from pmosync.dashboard.nameless import anonymous, unnamed
from pmosync.dashboard.portion import portion


def readable(content: Content) -> Content:
    """The content without what its audience may not see and what its workbook is not about.

    What must not be named is gathered from the whole before anything is left out: a text of one program may name a restricted
    milestone or a person of another.
    """
    whole = replace(content, withheld=withheld(content), unnamed=unnamed(content))
    return masked(anonymous(portion(whole)))
