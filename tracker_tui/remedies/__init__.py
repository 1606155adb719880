"""What the user may trigger: the refresh of Jellyfin and Shokofin's links, and questions too costly to be polled.

Nothing here runs by itself. Each proposes first (reads only; a proposal with its effects, or a refusal with its reason)
and acts on the user's word, once: `vfs_refresh.VfsRefresh` yields events until its outcome is verified,
`questions.Questions` returns an answer. Whoever stops iterating early closes the iterator (`contextlib.aclosing`).
"""
