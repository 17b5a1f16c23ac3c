"""Where e-mail addresses and names in messengers stand in a text, also where `@` is written as a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

_AT = r"(?:[(\[{<«] ?(?:at|ät|@|arroba|arobase) ?[)\]}>»]|&#0*64;|&#x0*40;|&commat;)"
_DOT = r"(?:\.|[(\[{<«] ?dot ?[)\]}>»]|\bdot\b)"
# After a word for the `@` a domain must end as domains do: "look at the dot matrix" is a sentence.
_LAST = (
    r"(?:[a-z]{2}|com|org|net|edu|gov|mil|int|info|biz|name|pro|mobi|app|dev|online|shop|site|store|cloud|"
    r"email|museum|travel|example|test)"
)
_NO_DOMAIN = (
    r"(?:the|an?|this|that|these|those|each|every|any|one|my|your|our|their|his|her|its|which|what)\b"
)
_NO_NAME = (  # marks of programs and of chats: @Override, @angular/core, @here
    r"(?:override|deprecated|media|import|param|return|returns|here|channel|everyone|all|types)\b"
)

MAY_BE_ADDRESS = rf"@|%40|{_AT}|(?s:\bat\b.*\bdot\b)|_at_"
"""What every address has in it; for both engines of patterns."""

_MAY_BE = re.compile(MAY_BE_ADDRESS, re.IGNORECASE)
_ADDRESSES = re.compile(
    "|".join(
        (
            r"(?<!\w)[^\s@<>\"(),;:=]+(?:@|%40)(?![\d.]+(?![\w.]))[\w](?:[\w.-]*\w)?",
            rf"(?<!\w)\w[\w.+-]* ?@ ?\w[\w-]*(?:\.[\w-]+)*\.{_LAST}\b",
            rf"(?<!\w)\w[\w.+-]*\s*{_AT}\s*\w[\w-]*(?:\s*{_DOT}\s*\w{{2,}})*",
            rf"(?<!\w)\w[\w.+-]*\s+at\s+(?!{_NO_DOMAIN})\w[\w-]*(?:\s+dot\s+\w+)*?\s+dot\s+{_LAST}\b",
            # In the name of a file; created_at_source.id is a column
            (
                rf"(?<!\w)(?!\w*ed_at_)\w[\w.+-]*?_at_[a-z0-9][a-z0-9-]*"
                rf"(?:[.][a-z0-9-]+)*(?:[.]|[_ ]dot[_ ]){_LAST}(?![a-z0-9])"
            ),
            rf"(?<![\w@.])@(?!{_NO_NAME})[A-Za-z][\w.]++(?![\w.-]*/)",
        )
    ),
    re.IGNORECASE,
)


def spans_of_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses stand in a text, in order."""
    if _MAY_BE.search(text):
        yield from (match.span() for match in _ADDRESSES.finditer(text))
