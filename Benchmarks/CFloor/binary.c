// Market data in Simple Binary Encoding by hand: each message has one known form and its numbers
// lie at known places; exponents are looked up. Anything else is refused.
#include "CFloor.h"

#include <string.h>

typedef struct {
    uint16_t length, message, schema, version;
} binary_head;

static const int64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

static inline int64_t number(const uint8_t *at) {
    int64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline uint16_t count(const uint8_t *at) {
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline int begins(const uint8_t *at, uint16_t length, uint16_t message) {
    binary_head head;
    memcpy(&head, at, sizeof head);
    return head.length == length && head.message == message && head.schema == 1;
}

static inline int is_ours(const uint8_t *at) { return memcmp(at, "\7BTCUSDT", 8) == 0; }

// 1e-8 and the exponent at `at`, which is within -8...0.
static inline int64_t factor(const uint8_t *at) { return powers[(8 + (int8_t)*at) & 15]; }

int cfloor_read_trade(const uint8_t *at, cfloor_trade *trade) {
    if (!begins(at, 18, 10000) || count(at + 26) != 25 || at[28] != 1 || !is_ours(at + 57))
        return 0;
    trade->time = number(at + 16);
    trade->identifier = number(at + 32);
    trade->price = number(at + 40) * factor(at + 24);
    trade->quantity = number(at + 48) * factor(at + 25);
    trade->is_sell = at[56];
    return 1;
}

int cfloor_read_top(const uint8_t *at, cfloor_top *top) {
    if (!begins(at, 50, 10001) || !is_ours(at + 58)) return 0;
    int64_t price = factor(at + 24), quantity = factor(at + 25);
    top->update = number(at + 16);
    top->bid = number(at + 26) * price;
    top->bid_quantity = number(at + 34) * quantity;
    top->ask = number(at + 42) * price;
    top->ask_quantity = number(at + 50) * quantity;
    return 1;
}

static inline const uint8_t *read_levels(
    const uint8_t *at, int64_t **levels, int many, int64_t price, int64_t quantity
) {
    int64_t *level = *levels;
    for (int index = 0; index < many; index++, at += 16, level += 2) {
        level[0] = number(at) * price;
        level[1] = number(at + 8) * quantity;
    }
    *levels = level;
    return at;
}

int cfloor_read_depth(const uint8_t *at, cfloor_depth *depth) {
    if (!begins(at, 26, 10003)) return 0;
    int64_t price = factor(at + 32), quantity = factor(at + 33);
    depth->time = number(at + 8);
    depth->first = number(at + 16);
    depth->last = number(at + 24);
    depth->bids = count(at + 36);
    depth->asks = count(at + 38 + 16 * depth->bids + 2);
    if (depth->bids + depth->asks > CFLOOR_LEVELS) return 0;
    int64_t *level = depth->levels;
    at = read_levels(at + 38, &level, depth->bids, price, quantity);
    at = read_levels(at + 4, &level, depth->asks, price, quantity);
    return is_ours(at);
}
