"""When it does not work: one sentence, what to do, and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400, _("请求不完整"), _("浏览器发来的内容读不懂。请返回上一页重试。"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    needed = str(exception)
    sentence = (
        _("您的角色没有“%(permission)s”权限。需要时请找值班主管。") % {"permission": _(needed)}
        if needed
        else _("您的角色不能打开这一页。需要时请找值班主管。")
    )
    return _error(request, 403, _("没有权限"), sentence)


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
