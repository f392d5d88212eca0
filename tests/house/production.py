"""An environment with which production starts; its values are made up here and used nowhere."""

STRONG = {
    "SECRET_KEY": "q7$Wm-kT2!xZ9@cVb4^Ln8*RfH5+sJd1(Gp6)yEa3_uOiQ0=tKwXrNvBzCMjD",
    "FIELD_KEY": "Zx8vTqLm2RkWcY5nBf7HsJ4dGpA9uEiOoV3tK6yQ",
    "AUDIT_KEY": "m4NbV7cXz1LkJ9hGf5DsA2pOiU8yTrE6wQ3eRtYu",
    "DATABASE_URL": "postgres://bss:Vk7pQ2xWmZr9Tn4c@db.example/bss",
    "REDIS_URL": "redis://redis.example/0",
    "ALLOWED_HOSTS": "bss.example",
}
