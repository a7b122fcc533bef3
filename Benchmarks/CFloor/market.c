// Market data by hand: each message has one known form, its keys are compared as literals, and
// numbers are converted sixteen digits at a time. Anything else is refused.
#include "CFloor.h"
#include "number.h"

int cfloor_parse_trade(const uint8_t *at, cfloor_trade *trade) {
    EXPECT(at, "{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"E\":");
    floor_integer(&at);
    EXPECT(at, ",\"s\":\"BTCUSDT\",\"t\":");
    trade->identifier = floor_integer(&at);
    EXPECT(at, ",\"p\":\"");
    trade->price = floor_decimal(&at);
    EXPECT(at, ",\"q\":\"");
    trade->quantity = floor_decimal(&at);
    EXPECT(at, ",\"T\":");
    trade->time = floor_integer(&at);
    EXPECT(at, ",\"m\":");
    trade->is_sell = *at == 't';
    return 1;
}

int cfloor_parse_aggregate(const uint8_t *at, cfloor_trade *trade) {
    EXPECT(at, "{\"stream\":\"btcusdt@aggTrade\",\"data\":{\"e\":\"aggTrade\",\"E\":");
    floor_integer(&at);
    EXPECT(at, ",\"s\":\"BTCUSDT\",\"a\":");
    trade->identifier = floor_integer(&at);
    EXPECT(at, ",\"p\":\"");
    trade->price = floor_decimal(&at);
    EXPECT(at, ",\"q\":\"");
    trade->quantity = floor_decimal(&at);
    EXPECT(at, ",\"f\":");
    int64_t first = floor_integer(&at);
    EXPECT(at, ",\"l\":");
    trade->count = floor_integer(&at) - first + 1;
    EXPECT(at, ",\"T\":");
    trade->time = floor_integer(&at);
    EXPECT(at, ",\"m\":");
    trade->is_sell = *at == 't';
    return 1;
}

int cfloor_parse_top(const uint8_t *at, cfloor_top *top) {
    EXPECT(at, "{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"u\":");
    top->update = floor_integer(&at);
    EXPECT(at, ",\"s\":\"BTCUSDT\",\"b\":\"");
    top->bid = floor_decimal(&at);
    EXPECT(at, ",\"B\":\"");
    top->bid_quantity = floor_decimal(&at);
    EXPECT(at, ",\"a\":\"");
    top->ask = floor_decimal(&at);
    EXPECT(at, ",\"A\":\"");
    top->ask_quantity = floor_decimal(&at);
    EXPECT(at, "}}");
    return 1;
}

// Levels up to the closing bracket, price and quantity in turn.
static inline int parse_levels(const uint8_t **text, int64_t **levels, const int64_t *end) {
    const uint8_t *at = *text;
    int64_t *level = *levels;
    int count = 0;
    while (*at == '[' && level < end) {
        at += 2;
        level[0] = floor_decimal(&at);
        EXPECT(at, ",\"");
        level[1] = floor_decimal(&at);
        level += 2;
        count++;
        at += at[1] == ',' ? 2 : 1;
    }
    *text = at;
    *levels = level;
    return count;
}

int cfloor_parse_depth(const uint8_t *at, cfloor_depth *depth) {
    EXPECT(at, "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":");
    depth->time = floor_integer(&at);
    EXPECT(at, ",\"s\":\"BTCUSDT\",\"U\":");
    depth->first = floor_integer(&at);
    EXPECT(at, ",\"u\":");
    depth->last = floor_integer(&at);
    int64_t *level = depth->levels;
    const int64_t *end = depth->levels + 2 * CFLOOR_LEVELS;
    EXPECT(at, ",\"b\":[");
    depth->bids = parse_levels(&at, &level, end);
    EXPECT(at, "],\"a\":[");
    depth->asks = parse_levels(&at, &level, end);
    EXPECT(at, "]}}");
    return 1;
}

int cfloor_parse_candle(const uint8_t *at, cfloor_candle *candle) {
    EXPECT(at, "{\"stream\":\"btcusdt@kline_1m\",\"data\":{\"e\":\"kline\",\"E\":");
    floor_integer(&at);
    EXPECT(at, ",\"s\":\"BTCUSDT\",\"k\":{\"t\":");
    candle->open_time = floor_integer(&at);
    EXPECT(at, ",\"T\":");
    candle->close_time = floor_integer(&at);
    EXPECT(at, ",\"s\":\"BTCUSDT\",\"i\":\"1m\",\"f\":");
    floor_integer(&at);
    EXPECT(at, ",\"L\":");
    floor_integer(&at);
    EXPECT(at, ",\"o\":\"");
    candle->open = floor_decimal(&at);
    EXPECT(at, ",\"c\":\"");
    candle->close = floor_decimal(&at);
    EXPECT(at, ",\"h\":\"");
    candle->high = floor_decimal(&at);
    EXPECT(at, ",\"l\":\"");
    candle->low = floor_decimal(&at);
    EXPECT(at, ",\"v\":\"");
    candle->volume = floor_decimal(&at);
    EXPECT(at, ",\"n\":");
    candle->trades = floor_integer(&at);
    EXPECT(at, ",\"x\":");
    candle->is_closed = *at == 't';
    at += candle->is_closed ? 4 : 5;
    EXPECT(at, ",\"q\":\"");
    candle->quote_volume = floor_decimal(&at);
    EXPECT(at, ",\"V\":\"");
    candle->taker_volume = floor_decimal(&at);
    return 1;
}
