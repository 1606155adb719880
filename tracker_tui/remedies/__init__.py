"""What the user may trigger: so far the refresh of Jellyfin, with which Shokofin rebuilds its virtual file system.

Nothing here runs by itself. How a view uses it, on its own event loop:

    remedy = VfsRefresh(settings)                                              # remedies.vfs_refresh
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
makes one with `newer_world(newest, ask)` of `remedies.fresh`, a command takes another snapshot.

Signatures:

    VfsRefresh(settings: Settings, *, pace: Pace = Pace())
    VfsRefresh.propose(target: Target, world: World) -> Proposal | Refusal      # coroutine; seconds at most, reads only
    VfsRefresh.carry_out(proposal: Proposal, fresh: Fresh) -> AsyncGenerator[Event, None]
    VfsRefresh.aclose() -> None                                                 # coroutine
    newer_world(newest: Callable[[], World], ask: Callable[[], object], within_s: float = 20.0) -> World  # coroutine
    Target = RequestTarget(request_id) | LibraryTarget(name) | WaitingTarget()
    Proposal: question, effects, scope, library, stakes, ...    Refusal: why, message, next_step, wait_s, code
    Event = Reached(step, text, fraction) | Outcome(ending, text, next_step, new, refusal)

Targets, proposals and refusals are in `remedies.proposal`, events in `remedies.events`. All are frozen; texts are plain
sentences, safe to print. Whoever stops iterating early closes the iterator (`contextlib.aclosing`): Jellyfin goes on,
nothing is verified. What was sent and what it brought is noted in `store.refreshes`, from where timelines and diagnoses
learn of it.
"""
