"""The demo operator's logins: one per role, for a machine that nobody else can reach."""

PASSWORD = "wo-demo-2026"

# role, user name, password; `make run` prints the first of each role.
LOGINS = (
    ("营业员 clerk", "clerk01", PASSWORD),
    ("客服代表 agent", "agent01", PASSWORD),
    ("客户经理 manager", "manager01", PASSWORD),
    ("月结操作员 batch", "batch01", PASSWORD),
    ("值班主管 supervisor", "super01", PASSWORD),
    ("值班主管 supervisor", "super02", PASSWORD),
    ("安全管理员 security", "security01", PASSWORD),
    ("安全管理员 security", "security02", PASSWORD),
    ("审计员 auditor", "auditor01", PASSWORD),
    ("总部查询 hq", "hq01", PASSWORD),
)
