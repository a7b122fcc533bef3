#include "desk.h"

#include <CRecordCrypto.h>
#include <stdlib.h>

const char floor_pairs[201] =
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546"
    "4748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293"
    "949596979899";

void floor_template_make(floor_template *order) {
    // The side's value ends with blanks that JSON allows, so that both sides take the same room.
    static const char text[] =
        "{\"id\":10000000,\"method\":\"order.place\",\"params\":{\"newClientOrderId\":"
        "\"ap-0000010000000000\",\"newOrderRespType\":\"ACK\",\"price\":\"000000.00\",\"quantity\":"
        "\"00.00000\",\"recvWindow\":5000,\"side\":\"BUY\" ,\"symbol\":\"BTCUSDT\",\"timeInForce\":"
        "\"IOC\",\"timestamp\":1732147200123,\"type\":\"LIMIT\"}}";
    memcpy(order->text, text, sizeof text);
    order->count = sizeof text - 1;
    order->request = (size_t)(strstr(text, "\"id\":") - text) + 5;
    order->client = (size_t)(strstr(text, "\"ap-") - text) + 12;
    order->price = (size_t)(strstr(text, "\"price\":") - text) + 9;
    order->quantity = (size_t)(strstr(text, "\"quantity\":") - text) + 12;
    order->side = (size_t)(strstr(text, "\"side\":") - text) + 8;
    order->time = (size_t)(strstr(text, "\"timestamp\":") - text) + 12;
}

cfloor_desk *cfloor_desk_create(int64_t base, int64_t every, const uint8_t *secret) {
    cfloor_desk *desk = aligned_alloc(64, (sizeof *desk + 63) / 64 * 64);
    if (!desk) return NULL;
    memset(desk, 0, sizeof *desk);
    desk->in = crecord_crypto_create(crecord_crypto_best());
    desk->out = crecord_crypto_create(crecord_crypto_best());
    if (!desk->in || !desk->out) {
        cfloor_desk_destroy(desk);
        return NULL;
    }
    crecord_crypto_set(desk->in, secret, 16, secret + 32);
    crecord_crypto_set(desk->out, secret + 16, 16, secret + 32);
    desk->base = base;
    desk->every = every;
    desk->masks = 88172645463325252u;
    desk->limits = (floor_limits){
        .largest = 1000000000, .largest_notional = 5000000000000, .collar = 100000000000,
        .largest_position = 10000000000, .most_open = 100, .is_enabled = 1,
        .largest_loss = 100000000, .cost = 1, .burst = 1000000,
    };
    floor_template_make(&desk->order);
    return desk;
}

void cfloor_desk_destroy(cfloor_desk *desk) {
    if (!desk) return;
    crecord_crypto_destroy(desk->in);
    crecord_crypto_destroy(desk->out);
    free(desk);
}

void cfloor_desk_restart(cfloor_desk *desk) {
    desk->received = 0;
    desk->sent = 0;
}

uint64_t cfloor_desk_orders(const cfloor_desk *desk) { return desk->orders; }

// xorshift64: RFC 6455 wants masks that a peer cannot foresee; the engine's are as cheap.
static inline uint32_t next_mask(cfloor_desk *desk) {
    desk->masks ^= desk->masks << 13;
    desk->masks ^= desk->masks >> 7;
    desk->masks ^= desk->masks << 17;
    return (uint32_t)desk->masks;
}

// The order that the indicators ask for, sealed; 0 when a check refuses it.
static inline size_t order(cfloor_desk *desk, const cfloor_top *top, uint8_t *record) {
    int is_sell = floor_signal(&desk->indicators) > 0;
    int64_t price = is_sell ? top->bid : top->ask;
    uint64_t now = __rdtsc();
    desk->limits.reference = top->bid;
    if (floor_check(&desk->limits, is_sell, price, 1000000, desk->orders + 1, now)) return 0;
    desk->orders++;
    floor_encode(&desk->order, desk->orders, is_sell, price, 1000000, 1732147200123);
    size_t count =
        floor_frame(desk->frame, desk->order.text, desk->order.count, next_mask(desk));
    crecord_crypto_seal(desk->out, desk->sent++, desk->frame, count, 23, record);
    return count + 22;
}

size_t cfloor_desk_decide(cfloor_desk *desk, const uint8_t *record, uint8_t *answer) {
    size_t length = (size_t)record[3] << 8 | record[4];
    if (!crecord_crypto_open(desk->in, desk->received++, record, length, desk->plain)) return 0;
    // A text frame with a length of two bytes: the header is four.
    cfloor_top top;
    if (desk->plain[0] != 0x81 || !cfloor_parse_top(desk->plain + 4, &top)) return 0;
    floor_set(&desk->bids, floor_step(top.bid, desk->base), top.bid_quantity);
    floor_set(&desk->asks, floor_step(top.ask, desk->base), top.ask_quantity);
    desk->limits.bid = desk->base + (int64_t)floor_highest(&desk->bids) * 1000000;
    desk->limits.ask = desk->base + (int64_t)floor_lowest(&desk->asks) * 1000000;
    double both = (double)(top.bid_quantity + top.ask_quantity + 1);
    floor_update(
        &desk->indicators, (double)(top.bid + top.ask) * 0.5e-8, (double)top.bid_quantity * 1e-8,
        (double)(top.bid_quantity - top.ask_quantity) / both);
    return top.update % desk->every == 0 ? order(desk, &top, answer) : 0;
}

size_t cfloor_desk_tick(
    cfloor_desk *desk, uint64_t sequence, const char *text, size_t count, uint8_t *record
) {
    uint8_t frame[1024] = {0x81, 126, (uint8_t)(count >> 8), (uint8_t)count};
    memcpy(frame + 4, text, count);
    crecord_crypto_seal(desk->in, sequence, frame, count + 4, 23, record);
    return count + 4 + 22;
}

void cfloor_book_level(cfloor_desk *desk, int is_ask, int64_t price, int64_t quantity) {
    floor_set(is_ask ? &desk->asks : &desk->bids, floor_step(price, desk->base), quantity);
}

int64_t cfloor_book(
    cfloor_desk *desk, const int64_t *prices, const int64_t *quantities, size_t count
) {
    int64_t sum = 0;
    for (size_t index = 0; index < count; index++) {
        floor_set(&desk->bids, floor_step(prices[index], desk->base), quantities[index]);
        sum += floor_highest(&desk->bids) + floor_lowest(&desk->asks);
    }
    return sum;
}

// Makes the compiler forget what it knows of memory: state is read again each time, as in life.
static inline void forget(void *memory) { __asm__ volatile("" : : "r"(memory) : "memory"); }

double cfloor_indicators(cfloor_desk *desk, double price, size_t count) {
    double sum = 0;
    for (size_t index = 0; index < count; index++) {
        forget(&desk->indicators);
        floor_update(&desk->indicators, price + (double)(index & 7), 0.01, 0.3);
        sum += floor_signal(&desk->indicators);
    }
    return sum;
}

unsigned cfloor_checks(cfloor_desk *desk, int64_t price, size_t count) {
    unsigned failed = 0;
    desk->limits.reference = price;
    desk->limits.bid = price;
    desk->limits.ask = price + 1000000;
    for (size_t index = 0; index < count; index++) {
        forget(&desk->limits);
        uint64_t number = desk->limits.last + 1;
        failed |= floor_check(
            &desk->limits, (int)index & 1, price, 1000000, number, 4000000000u + number * 10);
    }
    return failed;
}

size_t cfloor_encode(cfloor_desk *desk, int64_t price, size_t count) {
    for (size_t index = 0; index < count; index++) {
        floor_encode(&desk->order, index, 0, price, 1000000, 1732147200123 + index);
        forget(&desk->order);
    }
    return desk->order.count;
}

size_t cfloor_frames(cfloor_desk *desk, size_t count) {
    size_t length = 0;
    for (size_t index = 0; index < count; index++) {
        length = floor_frame(desk->frame, desk->order.text, desk->order.count, next_mask(desk));
        forget(desk->frame);
    }
    return length;
}
