#include "CFloor.h"

#include <immintrin.h>
#include <stdio.h>

#include "stream.h"

enum { ROOM = 16384 };

// The ticks of one moment, sealed before it comes.
typedef struct {
    uint8_t bytes[ROOM];
    size_t count;
} batch;

static void prepare(
    cfloor_desk *desk, const cfloor_schedule *schedule, size_t first, batch *ticks
) {
    ticks->count = 0;
    for (size_t index = first; index < first + schedule->burst; index++) {
        char text[256];
        int length = snprintf(
            text, sizeof text,
            "{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"u\":%lld,\"s\":\"BTCUSDT\",\"b\":"
            "\"61837.%02d000000\",\"B\":\"%d.%03d00000\",\"a\":\"61837.%02d000000\",\"A\":"
            "\"%d.%03d00000\"}}",
            (long long)(schedule->first_update + (int64_t)index), (int)(index % 49),
            (int)(index % 7) + 1, (int)(index % 1000), 50 + (int)(index % 49),
            (int)(index % 5) + 1, (int)(index % 999));
        ticks->count += cfloor_desk_tick(
            desk, index, text, (size_t)length, ticks->bytes + ticks->count);
    }
}

// Orders come in the order of the ticks that they answer.
typedef struct {
    const cfloor_schedule *schedule;
    uint64_t start;
    size_t answered, expected;
    uint64_t *due, *arrived;
} tally;

static size_t moments(const cfloor_schedule *schedule) {
    return schedule->count / schedule->burst;
}

// Notes what arrived; 0 when the connection has ended.
static int collect(tally *all, floor_records *records, int orders) {
    int outcome = floor_fill(records, orders);
    if (outcome < 0) return 0;
    if (outcome == 0) {
        floor_rest();
        return 1;
    }
    uint64_t now = __rdtsc();
    const cfloor_schedule *schedule = all->schedule;
    while (floor_next(records) && all->answered < all->expected) {
        // The first tick from here on whose number is a multiple of `every`.
        int64_t every = schedule->every;
        int64_t first = (every - schedule->first_update % every) % every;
        size_t tick = (size_t)first + all->answered * (size_t)every;
        all->due[all->answered] = all->start + tick / schedule->burst * schedule->spacing;
        all->arrived[all->answered++] = now;
    }
    return 1;
}

size_t cfloor_venue(
    cfloor_desk *desk, const cfloor_schedule *schedule, int market, int orders, uint64_t *due,
    uint64_t *arrived
) {
    static _Thread_local floor_records records;
    static _Thread_local batch next;
    records.start = records.end = 0;
    tally all = {.schedule = schedule, .due = due, .arrived = arrived};
    for (size_t index = 0; index < schedule->count; index++)
        all.expected += (schedule->first_update + (int64_t)index) % schedule->every == 0;
    size_t sent = 0, last = moments(schedule);
    prepare(desk, schedule, 0, &next);
    all.start = __rdtsc() + 1000000;
    // A second behind the last tick, whatever the counter's rate, is enough for the last order.
    uint64_t patience = all.start + last * schedule->spacing + 5000000000;
    while (all.answered < all.expected && __rdtsc() < patience) {
        if (sent < last && __rdtsc() >= all.start + sent * schedule->spacing) {
            for (size_t done = 0; done < next.count;) {
                ssize_t count = send(
                    market, next.bytes + done, next.count - done, MSG_NOSIGNAL | MSG_DONTWAIT);
                if (count < 0 && !would_block()) return all.answered;
                if (count > 0) done += (size_t)count;
            }
            if (++sent < last) prepare(desk, schedule, sent * schedule->burst, &next);
        }
        if (!collect(&all, &records, orders)) break;
    }
    return all.answered;
}
