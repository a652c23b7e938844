"""Routes from the table of endpoints: a handler is bound to its row, and cannot say another path, method or role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from console.contract.endpoints import ENDPOINTS, Endpoint, Kind
from console.contract.problems import PROBLEMS, Problem
from console.domain.members import Role
from console.service.access import let_in
from console.service.parts import Parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from litestar.connection import ASGIConnection

JSON_BODY_MAX = 256 * 1024
_STATUS = {"GET": 200, "POST": 200, "PUT": 200, "DELETE": 200}


def serves(
    endpoint: Endpoint, *, lets_in: bool = False, **more: Any
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """Make a function the handler of a row of the table; its body and answer types must be the row's.

    With `lets_in` the function itself begins with `access.member_let_in`, in the same hop to the store as its answer.
    """

    def bind(function: Callable[..., Any]) -> HTTPRouteHandler:
        async def guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: object) -> None:
            parts: Parts = connection.app.state.parts
            connection.state.caller = await let_in(parts, connection, endpoint)

        statuses = sorted({int(kind.status) for kind in PROBLEMS.values()})
        return HTTPRouteHandler(
            path=endpoint.path,
            http_method=HttpMethod(endpoint.method),
            name=endpoint.name,
            operation_id=endpoint.name,
            summary=endpoint.summary,
            guards=[] if lets_in else [guard],
            status_code=_STATUS[endpoint.method],
            opt={"endpoint": endpoint},
            request_max_body_size=more.pop("request_max_body_size", JSON_BODY_MAX),
            include_in_schema=endpoint.kind is Kind.JSON,
            security=[{"member": []}] if any(isinstance(w, Role) for w in endpoint.who) else None,
            responses={
                status: ResponseSpec(Problem, generate_examples=False, media_type="application/problem+json")
                for status in statuses
            },
            **more,
        )(function)

    return bind


def unmatched(handlers: Iterable[HTTPRouteHandler]) -> tuple[set[str], set[str]]:
    """Rows of the table without a handler, and handlers without a row; both must be empty."""
    served = {handler.opt["endpoint"].name for handler in handlers}
    rows = {row.name for row in ENDPOINTS}
    return rows - served, served - rows
