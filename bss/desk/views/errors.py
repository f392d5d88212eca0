"""When it does not work: one sentence, what to do, and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from bss.kernel.access import MissingPermissionError
from bss.kernel.grants import who_grant_roles


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400, _("请求不完整"), _("浏览器发来的内容读不懂。请返回上一页重试。"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Which permission is missing and who can give it; or why nobody can."""
    if isinstance(exception, MissingPermissionError):
        sentence = _("您的角色没有“%(permission)s”权限（%(code)s）。") % {
            "permission": _(str(exception)),
            "code": exception.permission,
        }
        return _error(request, 403, _("没有权限"), sentence + _who_can_give_it())
    sentence = str(exception) or _("您的角色不能打开这一页。") + _who_can_give_it()
    return _error(request, 403, _("没有权限"), sentence)


def _who_can_give_it() -> str:
    people = "、".join(f"{one.display_name} {one.username}" for one in who_grant_roles())
    if not people:
        return _("需要时请找安全管理员。")
    return _("需要时请找安全管理员：%(people)s。") % {"people": people}


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404, _("没有这一页"), _("地址有误，或者内容已不在这里。可以搜索一下。"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(
        request, 403, _("表单已过期"), _("为了安全，这次没有提交。请返回上一页，刷新后再提交。")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs nothing: no database, no session, no context processor."""
    page = loader.get_template("errors/500.html")
    return HttpResponse(page.render({}), status=500)


def _error(request: HttpRequest, code: int, title: str, sentence: str) -> HttpResponse:
    context = {"code": code, "title": title, "sentence": sentence}
    return render(request, "errors/error.html", context, status=code)
