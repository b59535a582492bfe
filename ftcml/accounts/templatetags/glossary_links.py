"""A word of machine learning that leads to its place in the glossary."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ftcml.accounts.pages.help import glossary

register = template.Library()

_MEANINGS = {term.slug: term.meaning for term in glossary.TERMS}


@register.simple_block_tag
def term(content: SafeString, slug: str) -> SafeString:
    """Return a link from a word to what it means: {% term "epoch" %}epochs{% endterm %}.

    It opens a tab of its own, so that what was typed in a dialog stays.

    Args:
        content: the word as it stands in the sentence.
        slug: its place in the glossary. An unknown one is an error.
    """
    address = f"{reverse('glossary')}#{slug}"
    return format_html(
        '<a class="term" href="{}" target="_blank" title="{}">{}</a>', address, _MEANINGS[slug], content.strip()
    )
