"""What the user may trigger: so far the refresh of Jellyfin, with which Shokofin rebuilds its virtual file system.

Nothing here runs by itself. How a view uses it, on its own event loop:

    remedy = VfsRefresh(settings, journal_path(settings.store.path))            # remedies.vfs_refresh
    answer = await remedy.propose(RequestTarget(request_id=row.id), world)      # reads only; Proposal or Refusal
    if isinstance(answer, Refusal):
        show(answer.message, answer.next_step)
    elif user_confirms(answer.question, answer.effects):
        async for event in remedy.carry_out(answer, fresh):                     # one refresh, never repeated
            match event:
                case Reached(): show(event.text)                                # "Refreshing · Jellyfin scan 62 %"
                case Outcome(): show(event.text, event.next_step)               # always the last one
    await remedy.aclose()

`fresh` is `Callable[[], Awaitable[World]]`: a world made from answers newer than the call. A view with a running engine
makes one with `newer_world(newest, ask)`, a command takes another snapshot. Types: `remedies.proposal`,
`remedies.events`. All are frozen; texts are plain sentences, safe to print.
"""
