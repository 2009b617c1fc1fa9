"""All Users and User Roles, as the other screens are."""
