"""Tools that do what the admin does, through the site's own ModelAdmins."""
