#!/bin/bash
# Builds the container image and looks whether it is small, serves, knows time zones and keeps its data through a kill.
set -euo pipefail
cd "$(dirname "$0")/.."

engine=$(command -v docker || command -v podman) || {
    echo "image-check: there is neither docker nor podman; install one of them" >&2
    exit 1
}
limit=$((120 * 1000 * 1000))
image=understudy-check
container=
volume=understudy-check-$$
failed() { echo "image-check: $*" >&2; exit 1; }
clean() {
    [ -z "$container" ] || "$engine" rm -f "$container" > /dev/null
    "$engine" volume rm -f "$volume" > /dev/null
}

"$engine" build -q -t "$image" . > /dev/null
size=$("$engine" image inspect -f '{{.Size}}' "$image")
[ "$size" -le "$limit" ] || failed "the image has $size bytes, more than $limit"

trap clean EXIT
container=$("$engine" run -d --read-only --cap-drop ALL -v "$volume:/data" -p 127.0.0.1::4080 "$image" serve --data /data)
# Waits until the program in the container calls itself healthy, and sets the address it is reached at.
wait_until_healthy() {
    for _ in $(seq 100); do
        if "$engine" exec "$container" understudy health > /dev/null 2>&1; then
            url="http://$("$engine" port "$container" 4080/tcp | head -1)"
            return
        fi
        sleep 0.1
    done
    failed "it does not serve: $("$engine" logs "$container" 2>&1 | tail -5)"
}
ask() { curl -sSf -H 'Authorization: Bearer neo_sk_test_image' "$@"; }

wait_until_healthy
created=$(ask "$url/public-api/backfills" -d '{"target_workflow_id": 123, "entity_type": "ticket", "filter_spec": {},
    "daily_execution_windows": {"monday": [{"run_start_time": "22:00", "run_end_time": "06:00"}]}, "timezone": "America/New_York", "max_in_flight": 5}')
id=$(grep -o '"id":"[^"]*"' <<< "$created" | head -1 | cut -d'"' -f4)
"$engine" kill -s KILL "$container" > /dev/null
"$engine" start "$container" > /dev/null
wait_until_healthy
ask "$url/public-api/backfills/$id" | grep -q '"timezone":"America/New_York"' || failed "a kill has lost a backfill"
"$engine" stop -t 10 "$container" > /dev/null
code=$("$engine" inspect -f '{{.State.ExitCode}}' "$container")
[ "$code" = 0 ] || failed "a stop ended it with $code"
echo "image-check: $((size / 1000 / 1000)) MB, serves, knows New York, keeps its data through a kill, stops"
