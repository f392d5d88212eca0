from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.i18n import set_language as django_set_language

from bss.desk.forms import SignInForm


@method_decorator(login_not_required, name="dispatch")
class SignIn(views.LoginView):
    """登录: a member of staff with the own 工号."""

    template_name = "registration/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_invalid(self, form):  # type: ignore[no-untyped-def]
        response = super().form_invalid(form)
        response.status_code = 422
        return response


sign_out = views.LogoutView.as_view()
set_language = login_not_required(django_set_language)
