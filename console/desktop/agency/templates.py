"""Templates of requests, as the agency keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.client.agency import remove_template, save_template
from console.desktop.agency.kept import KeptSection
from console.desktop.agency.template_form import TemplateForm
from console.domain import offences
from console.domain.templates import Template, TemplateId

if TYPE_CHECKING:
    from console.client.wishes import Wish


class TemplatesSection(KeptSection):
    """The templates."""

    noun = "template"
    title = "Templates"
    words = (
        "A template fills in what an officer has left empty: the offense, the words, the window and the circle. It "
        "overwrites nothing, and the check looks at every request as before."
    )
    empty = "No templates yet. Fill in the form and save it: your colleagues find it when they begin a request."

    def make_form(self) -> TemplateForm:
        """Its form."""
        return TemplateForm()

    def blank(self, ident: str) -> Template:
        """A new one."""
        return Template(TemplateId(ident), "")

    def known(self) -> tuple[Template, ...]:
        """The agency's own."""
        profile = self.context.desk.profile
        return () if profile is None else profile.templates

    def about(self, kept: Template) -> str:
        """Its offence."""
        offence = offences.BY_CODE.get(kept.offence)
        return "Any offense" if offence is None else f"{offence.code} {offence.name}"

    def save_wish(self, kept: Template) -> Wish:
        """How it is saved."""
        return save_template(kept)

    def remove_wish(self, kept: Template) -> Wish:
        """How it is removed."""
        return remove_template(kept)

    def if_removed(self, kept: Template) -> str:
        """What removing it asks."""
        return f"Remove {kept.name}? Requests begun from it stay as they are."
