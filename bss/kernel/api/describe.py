"""How the documentation page describes a resource: the official schemas, and our conventions."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from bss.kernel.api.idempotency import HEADER
from bss.kernel.api.official import reference
from bss.kernel.api.window import ROWS_AT_MOST, ROWS_BY_DEFAULT

FIELDS = OpenApiParameter(
    "fields", str, description="只返回这些一级属性（逗号分隔）；id 与 href 总在其中"
)
WINDOW = (
    OpenApiParameter("offset", int, description="从第几条起（0 为第一条）"),
    OpenApiParameter(
        "limit", int, description=f"最多几条，默认 {ROWS_BY_DEFAULT}，至多 {ROWS_AT_MOST}"
    ),
)
KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="幂等键：同一键再次提交，返回第一次的结果，不重复受理 (PAY-1)",
)


def describes_list(
    api: str, name: str, summary: str, attributes: Iterable[str]
) -> Callable[..., Any]:
    """A list: window, fields and a parameter per attribute; 206 when it is a part."""
    filters = [OpenApiParameter(attribute, str) for attribute in sorted(attributes)]
    rows = {"type": "array", "items": reference(api, name)}
    return _described(
        api,
        summary,
        operation_id=f"list{name}",
        parameters=[*WINDOW, FIELDS, *filters],
        responses={
            200: OpenApiResponse(rows, "全部结果；X-Total-Count 为总数，X-Result-Count 为本页数"),
            206: OpenApiResponse(rows, "部分结果；Link 给出前后页"),
        },
    )


def describes_one(api: str, name: str, summary: str) -> Callable[..., Any]:
    """One by its id; a known entity tag is answered with 304."""
    return _described(
        api,
        summary,
        operation_id=f"retrieve{name}",
        parameters=[FIELDS],
        responses={
            200: OpenApiResponse(reference(api, name), "资源；ETag 为其版本标记"),
            404: OpenApiResponse(reference(api, "Error"), "没有，或不在调用者的客户范围内"),
        },
    )


def describes_creation(
    api: str, name: str, summary: str, *, description: str, examples: Sequence[OpenApiExample]
) -> Callable[..., Any]:
    """A creation under an idempotency key; 422 with the rules that refuse."""
    return _described(
        api,
        summary,
        operation_id=f"create{name}",
        description=description,
        examples=examples,
        parameters=[KEY],
        request={"application/json": reference(api, f"{name}_Create")},
        responses={
            201: OpenApiResponse(reference(api, name), "已受理；Location 为订单地址"),
            413: OpenApiResponse(reference(api, "Error"), "请求体太长"),
            415: OpenApiResponse(reference(api, "Error"), "请求体不是 JSON"),
            422: OpenApiResponse(
                reference(api, "Error"), "业务规则不允许；refusals 列出每条规则与说明"
            ),
        },
    )


def _described(
    api: str, summary: str, *, responses: dict[int, OpenApiResponse], **more: Any
) -> Callable[..., Any]:
    error = reference(api, "Error")
    return extend_schema(
        tags=[api],
        summary=summary,
        responses={
            **responses,
            400: OpenApiResponse(error, "请求无法理解；faults 列出每处错误"),
            401: OpenApiResponse(error, "未登录或令牌无效"),
            403: OpenApiResponse(error, "没有权限，或不在接口号的时间、地址内"),
            429: OpenApiResponse(error, "调用过于频繁；Retry-After 为应等待的秒数"),
        },
        **more,
    )
