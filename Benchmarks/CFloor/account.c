#include "CFloor.h"
#include "number.h"

// A word's first eight bytes and its length: enough to tell the venue's words apart.
static inline uint64_t word(const uint8_t **at) {
    unsigned length = floor_word(*at);
    uint64_t bytes;
    memcpy(&bytes, *at, sizeof bytes);
    if (length < 8) bytes &= (1ull << (8 * length)) - 1;
    *at += length + 1;
    return bytes ^ (uint64_t)length << 56;
}

// The client's id, longer than a word, up to its closing quote.
static inline uint64_t identifier(const uint8_t **at) {
    const uint8_t *end = memchr(*at, '"', 64);
    if (!end || end - *at < 8) return 0;
    uint64_t bytes;
    memcpy(&bytes, end - 8, sizeof bytes);
    *at = end + 1;
    return bytes;
}

static inline int64_t signed_integer(const uint8_t **at) {
    if (**at != '-') return floor_integer(at);
    *at += 1;
    return -floor_integer(at);
}

int cfloor_parse_execution(const uint8_t *at, cfloor_execution *execution) {
    EXPECT(at, "{\"subscriptionId\":0,\"event\":{\"e\":\"executionReport\",\"E\":");
    execution->time = floor_integer(&at);
    EXPECT(at, ",\"s\":\"BTCUSDT\",\"c\":\"");
    execution->client = identifier(&at);
    EXPECT(at, ",\"S\":\"");
    execution->words[0] = word(&at);
    EXPECT(at, ",\"o\":\"");
    execution->words[1] = word(&at);
    EXPECT(at, ",\"f\":\"");
    execution->words[2] = word(&at);
    EXPECT(at, ",\"q\":\"");
    execution->quantity = floor_decimal(&at);
    EXPECT(at, ",\"p\":\"");
    execution->price = floor_decimal(&at);
    EXPECT(at, ",\"P\":\"0.00000000\",\"F\":\"0.00000000\",\"g\":-1,\"C\":\"\",\"x\":\"");
    execution->words[3] = word(&at);
    EXPECT(at, ",\"X\":\"");
    execution->words[4] = word(&at);
    EXPECT(at, ",\"r\":\"");
    execution->words[5] = word(&at);
    EXPECT(at, ",\"i\":");
    execution->order = floor_integer(&at);
    EXPECT(at, ",\"l\":\"");
    execution->last_quantity = floor_decimal(&at);
    EXPECT(at, ",\"z\":\"");
    execution->filled = floor_decimal(&at);
    EXPECT(at, ",\"L\":\"");
    execution->last_price = floor_decimal(&at);
    EXPECT(at, ",\"n\":\"");
    execution->commission = floor_decimal(&at);
    EXPECT(at, ",\"N\":");
    if (*at == 'n') {
        execution->words[6] = 0;
        EXPECT(at, "null");
    } else {
        at += 1;
        execution->words[6] = word(&at);
    }
    EXPECT(at, ",\"T\":");
    execution->transaction_time = floor_integer(&at);
    EXPECT(at, ",\"t\":");
    execution->trade = signed_integer(&at);
    EXPECT(at, ",\"v\":3,\"I\":");
    execution->identifier = floor_integer(&at);
    EXPECT(at, ",\"w\":");
    at += *at == 't' ? 4 : 5;
    EXPECT(at, ",\"m\":");
    execution->is_maker = *at == 't';
    return 1;
}

int cfloor_parse_position(const uint8_t *at, cfloor_position *position) {
    EXPECT(at, "{\"subscriptionId\":0,\"event\":{\"e\":\"outboundAccountPosition\",\"E\":");
    floor_integer(&at);
    EXPECT(at, ",\"u\":");
    position->time = floor_integer(&at);
    EXPECT(at, ",\"B\":[");
    int count = 0;
    while (*at == '{' && count < CFLOOR_ASSETS) {
        EXPECT(at, "{\"a\":\"");
        position->assets[count] = word(&at);
        EXPECT(at, ",\"f\":\"");
        position->free[count] = floor_decimal(&at);
        EXPECT(at, ",\"l\":\"");
        position->locked[count] = floor_decimal(&at);
        count++;
        at += at[1] == ',' ? 2 : 1;
    }
    EXPECT(at, "]}}");
    position->count = count;
    return 1;
}

static int parse_usage(const uint8_t *at, cfloor_answer *answer) {
    EXPECT(at, ",\"rateLimits\":[{\"rateLimitType\":\"ORDERS\",\"interval\":\"SECOND\",");
    EXPECT(at, "\"intervalNum\":10,\"limit\":");
    floor_integer(&at);
    EXPECT(at, ",\"count\":");
    answer->orders = floor_integer(&at);
    EXPECT(at, "},{\"rateLimitType\":\"ORDERS\",\"interval\":\"DAY\",\"intervalNum\":1,\"limit\":");
    floor_integer(&at);
    EXPECT(at, ",\"count\":");
    answer->daily_orders = floor_integer(&at);
    EXPECT(at, "},{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",");
    EXPECT(at, "\"intervalNum\":1,\"limit\":");
    floor_integer(&at);
    EXPECT(at, ",\"count\":");
    answer->weight = floor_integer(&at);
    EXPECT(at, "}]}");
    return 1;
}

int cfloor_parse_answer(const uint8_t *at, cfloor_answer *answer) {
    EXPECT(at, "{\"id\":");
    answer->request = floor_integer(&at);
    EXPECT(at, ",\"status\":200,\"result\":{\"symbol\":\"BTCUSDT\",\"orderId\":");
    answer->order = floor_integer(&at);
    EXPECT(at, ",\"orderListId\":-1,\"clientOrderId\":\"");
    answer->client = identifier(&at);
    EXPECT(at, ",\"transactTime\":");
    answer->time = floor_integer(&at);
    answer->code = 0;
    EXPECT(at, "}");
    return parse_usage(at, answer);
}

int cfloor_parse_refusal(const uint8_t *at, cfloor_answer *answer) {
    EXPECT(at, "{\"id\":");
    answer->request = floor_integer(&at);
    EXPECT(at, ",\"status\":400,\"error\":{\"code\":");
    answer->code = signed_integer(&at);
    EXPECT(at, ",\"msg\":\"");
    const uint8_t *end = memchr(at, '"', 256);
    if (!end) return 0;
    at = end + 1;
    EXPECT(at, "}");
    return parse_usage(at, answer);
}
