"""Push subscriptions over HTTP, for whoever is signed in."""

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.session import Database
from backend.push import service
from backend.push.schemas import PushKey, SubscriptionCreate, SubscriptionRemove
from backend.push.sender import PushSender
from backend.settings import Settings


@get("/key", operation_id="getPushKey", sync_to_thread=False)
def key(push: NamedDependency[PushSender], actor: NamedDependency[Actor]) -> PushKey:
    """The key a browser subscribes with; it stays the same for the life of the installation."""
    actor.require(Permission.FEED_READ)
    return PushKey(push.keys.public)


@post("/subscriptions", operation_id="subscribePush", status_code=204)
async def subscribe(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    data: JSONBody[SubscriptionCreate],
) -> None:
    """Tell this browser of what concerns the one signed in. 422 `unknown_push_service`."""
    actor.require(Permission.FEED_READ)
    person = service.account_person(actor)
    await db.write(service.subscribe, actor.org_id, person, data, settings.push_services)


@post("/subscriptions/remove", operation_id="unsubscribePush", status_code=204)
async def unsubscribe(
    db: NamedDependency[Database], actor: NamedDependency[Actor], data: JSONBody[SubscriptionRemove]
) -> None:
    """Tell this browser no more; one that is not known is no error."""
    actor.require(Permission.FEED_READ)
    await db.write(service.unsubscribe, service.account_person(actor), data.endpoint)


router = Router("/api/push", route_handlers=[key, subscribe, unsubscribe], tags=["push"])
