"""The broker that `make chaos` takes away and gives back."""

import pytest
import redis

from bench.chaos.scenarios.chaos_broker import OwnBroker


@pytest.mark.broker
def test_it_keeps_its_address_and_loses_its_messages(tmp_path):
    with OwnBroker(tmp_path / "broker") as broker:
        redis.Redis.from_url(broker.url).lpush("training", "wake up")
        broker.stop()
        with pytest.raises(redis.ConnectionError):
            redis.Redis.from_url(broker.url).ping()

        broker.start()
        assert redis.Redis.from_url(broker.url).llen("training") == 0
