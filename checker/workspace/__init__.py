"""Everything with files: paths that are read, the course folder, answers, progress, backups.

Nothing here knows Kubernetes. What cannot be read is an InputError (its giver can mend it), what
the machine or the course is to blame for a FolderError.
"""
