// What stands between a tick and an order, at its least: a ladder with a bitmap, ten indicators,
// twelve checks, an order template in which only digits change.
#pragma once

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "CFloor.h"

enum { STEPS = 1 << 16, WORDS = STEPS / 64, GROUPS = WORDS / 64 };

typedef struct {
    int64_t quantity[STEPS];
    uint64_t words[WORDS];
    uint64_t groups[GROUPS];
} floor_ladder;

static inline void floor_set(floor_ladder *side, unsigned step, int64_t quantity) {
    uint64_t bit = 1ull << (step & 63), group = 1ull << (step >> 6 & 63);
    uint64_t *word = side->words + (step >> 6);
    side->quantity[step] = quantity;
    *word = quantity ? *word | bit : *word & ~bit;
    uint64_t *top = side->groups + (step >> 12);
    *top = *word ? *top | group : *top & ~group;
}

static inline int floor_highest(const floor_ladder *side) {
    for (int index = GROUPS - 1; index >= 0; index--) {
        if (!side->groups[index]) continue;
        int word = index * 64 + 63 - __builtin_clzll(side->groups[index]);
        return word * 64 + 63 - __builtin_clzll(side->words[word]);
    }
    return -1;
}

static inline int floor_lowest(const floor_ladder *side) {
    for (int index = 0; index < GROUPS; index++) {
        if (!side->groups[index]) continue;
        int word = index * 64 + __builtin_ctzll(side->groups[index]);
        return word * 64 + __builtin_ctzll(side->words[word]);
    }
    return -1;
}

// Prices are raw at 1e-8; a step is a cent, the ladder begins at `base`.
static inline unsigned floor_step(int64_t price, int64_t base) {
    return (unsigned)((uint64_t)(price - base) / 1000000) & (STEPS - 1);
}

typedef struct {
    double fast, slow, signal, gains, losses, last, range, imbalance;
    double sum, squares, turnover, volume, up, window[64];
    unsigned next;
} floor_indicators;

// EMA twice, MACD's signal, RSI's averages, true range, rolling mean and variance, VWAP, a
// one-sided cumulative sum, a smoothed imbalance: no division.
static inline void floor_update(
    floor_indicators *all, double price, double quantity, double imbalance
) {
    double change = price - all->last;
    double gain = change > 0 ? change : 0, loss = change < 0 ? -change : 0;
    double oldest = all->window[all->next & 63];
    all->fast += (price - all->fast) * 0.1;
    all->slow += (price - all->slow) * 0.05;
    all->signal += (all->fast - all->slow - all->signal) * 0.2;
    all->gains += (gain - all->gains) * (1.0 / 14);
    all->losses += (loss - all->losses) * (1.0 / 14);
    all->range += (gain + loss - all->range) * (1.0 / 14);
    all->imbalance += (imbalance - all->imbalance) * 0.2;
    all->window[all->next++ & 63] = price;
    all->sum += price - oldest;
    all->squares += price * price - oldest * oldest;
    all->turnover += price * quantity;
    all->volume += quantity;
    all->up = all->up + change > 0 ? all->up + change : 0;
    all->last = price;
}

static inline double floor_signal(const floor_indicators *all) {
    double mean = all->sum * (1.0 / 64);
    double variance = all->squares * (1.0 / 64) - mean * mean;
    return (all->last - mean) * (all->gains - all->losses) + all->imbalance * variance
        + all->signal;
}

typedef struct {
    int64_t largest, largest_notional, collar, largest_position, position, open, most_open;
    int64_t reference, profit, largest_loss, bid, ask, is_halted, is_enabled;
    uint64_t tokens, cost, burst, last;
} floor_limits;

// A bit a violated rule: halted, disabled, size, notional, collar, position, open orders, loss,
// price, rate, repeated id, far through the book.
static inline unsigned floor_check(
    floor_limits *limits, int is_sell, int64_t price, int64_t quantity, uint64_t identifier,
    uint64_t now
) {
    __int128 notional = (__int128)price * quantity;
    int64_t distance = price - limits->reference;
    int64_t position = limits->position + (is_sell ? -quantity : quantity);
    uint64_t oldest = now - limits->burst;
    uint64_t tokens = limits->tokens < oldest ? oldest : limits->tokens;
    unsigned failed = (unsigned)(limits->is_halted != 0) | (unsigned)!limits->is_enabled << 1
        | (unsigned)(quantity > limits->largest || quantity <= 0) << 2
        | (unsigned)(notional > (__int128)limits->largest_notional * 100000000) << 3
        | (unsigned)((distance < 0 ? -distance : distance) > limits->collar) << 4
        | (unsigned)((position < 0 ? -position : position) > limits->largest_position) << 5
        | (unsigned)(limits->open >= limits->most_open) << 6
        | (unsigned)(limits->profit < -limits->largest_loss) << 7 | (unsigned)(price <= 0) << 8
        | (unsigned)(tokens + limits->cost > now) << 9
        | (unsigned)(identifier <= limits->last) << 10
        | (unsigned)(is_sell ? price <= limits->bid - limits->collar
                             : price >= limits->ask + limits->collar) << 11;
    if (__builtin_expect(failed == 0, 1)) {
        limits->tokens = tokens + limits->cost;
        limits->last = identifier;
    }
    return failed;
}

typedef struct {
    char text[256];
    size_t count, request, client, side, price, quantity, time;
} floor_template;

void floor_template_make(floor_template *order);

// Two decimal digits at a time.
extern const char floor_pairs[201];

static inline void floor_digits(char *place, uint64_t value, int count) {
    for (int at = count - 2; at >= 0; at -= 2) {
        memcpy(place + at, floor_pairs + 2 * (value % 100), 2);
        value /= 100;
    }
}

static inline void floor_encode(
    floor_template *order, uint64_t identifier, int is_sell, int64_t price, int64_t quantity,
    uint64_t milliseconds
) {
    static const char sides[2][6] = {"BUY\" ", "SELL\""};
    uint64_t cents = (uint64_t)price / 1000000, units = (uint64_t)quantity / 1000;
    floor_digits(order->text + order->request, identifier, 8);
    floor_digits(order->text + order->client, identifier, 8);
    memcpy(order->text + order->side, sides[is_sell != 0], 5);
    floor_digits(order->text + order->price, cents / 100, 6);
    memcpy(order->text + order->price + 7, floor_pairs + 2 * (cents % 100), 2);
    floor_digits(order->text + order->quantity, units / 100000, 2);
    order->text[order->quantity + 3] = (char)('0' + units / 10000 % 10);
    floor_digits(order->text + order->quantity + 4, units % 10000, 4);
    order->text[order->time] = (char)('0' + milliseconds / 1000000000000);
    floor_digits(order->text + order->time + 1, milliseconds % 1000000000000, 12);
}

// A masked text frame of 126...65535 bytes; writes up to 31 bytes behind it.
static inline size_t floor_frame(uint8_t *frame, const char *text, size_t count, uint32_t key) {
    __m256i mask = _mm256_set1_epi32((int)key);
    frame[0] = 0x81;
    frame[1] = 0x80 | 126;
    frame[2] = (uint8_t)(count >> 8);
    frame[3] = (uint8_t)count;
    memcpy(frame + 4, &key, 4);
    for (size_t at = 0; at < count; at += 32) {
        __m256i block = _mm256_loadu_si256((const __m256i *)(text + at));
        _mm256_storeu_si256((__m256i *)(frame + 8 + at), _mm256_xor_si256(block, mask));
    }
    return count + 8;
}

struct cfloor_desk {
    floor_ladder bids, asks;
    floor_indicators indicators;
    floor_limits limits;
    floor_template order;
    struct crecord_crypto_key *in, *out;
    uint64_t received, sent, orders, masks;
    int64_t base, every;
    uint8_t plain[2048], frame[1024];
};
