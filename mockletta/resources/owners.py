"""The one user and organisation that everything belongs to; no key is needed [41 auth none]."""

USER_ID = "user-00000000-0000-4000-8000-000000000000"
