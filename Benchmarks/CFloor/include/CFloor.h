// The least that each stage of the engine costs: hand-written C that does only this job, for these
// messages, and refuses every other. Benchmarks run it beside the engine's own code, turn by turn.
// Nothing here is part of the engine.
#ifndef CFLOOR_H
#define CFLOOR_H

#include <stddef.h>
#include <stdint.h>

// Prices and quantities are whole numbers of 1e-8, times are milliseconds.

// MARK: - Messages. Each returns 1, or 0 for any other text; 32 bytes behind it are readable.

typedef struct {
    int64_t identifier, price, quantity, time, count;
    int is_sell;
} cfloor_trade;

int cfloor_parse_trade(const uint8_t *text, cfloor_trade *trade);
int cfloor_parse_aggregate(const uint8_t *text, cfloor_trade *trade);

typedef struct {
    int64_t update, bid, bid_quantity, ask, ask_quantity;
} cfloor_top;

int cfloor_parse_top(const uint8_t *text, cfloor_top *top);

enum { CFLOOR_LEVELS = 128 };

typedef struct {
    int64_t time, first, last;
    int bids, asks;
    int64_t levels[2 * CFLOOR_LEVELS];
} cfloor_depth;

int cfloor_parse_depth(const uint8_t *text, cfloor_depth *depth);

typedef struct {
    int64_t open_time, close_time, open, close, high, low, volume, trades, quote_volume;
    int64_t taker_volume;
    int is_closed;
} cfloor_candle;

int cfloor_parse_candle(const uint8_t *text, cfloor_candle *candle);

typedef struct {
    int64_t time, quantity, price, order, last_quantity, filled, last_price, commission;
    int64_t transaction_time, trade, identifier;
    uint64_t client, words[7];
    int is_maker;
} cfloor_execution;

// New orders and trades.
int cfloor_parse_execution(const uint8_t *text, cfloor_execution *execution);

enum { CFLOOR_ASSETS = 4 };

typedef struct {
    int64_t time, free[CFLOOR_ASSETS], locked[CFLOOR_ASSETS];
    uint64_t assets[CFLOOR_ASSETS];
    int count;
} cfloor_position;

int cfloor_parse_position(const uint8_t *text, cfloor_position *position);

typedef struct {
    int64_t request, order, time, code;
    // Of ten seconds, of the day, of the minute.
    int64_t orders, daily_orders, weight;
    uint64_t client;
} cfloor_answer;

// To an order that was placed, or refused.
int cfloor_parse_answer(const uint8_t *text, cfloor_answer *answer);
int cfloor_parse_refusal(const uint8_t *text, cfloor_answer *answer);

// The same in Simple Binary Encoding: one trade, a top of book, a diff.
int cfloor_read_trade(const uint8_t *message, cfloor_trade *trade);
int cfloor_read_top(const uint8_t *message, cfloor_top *top);
int cfloor_read_depth(const uint8_t *message, cfloor_depth *depth);

// MARK: - From a tick to an order.

// A trader of one instrument whose ladder holds 2^16 steps of 0.01 from `base` on. It answers the
// ticks whose update number is a multiple of `every` with an order.
typedef struct cfloor_desk cfloor_desk;

// `secret`: 16 bytes of key for what comes in, 16 for what goes out, 12 of IV. NULL without memory
// or without the processor's AES instructions.
cfloor_desk *cfloor_desk_create(int64_t base, int64_t every, const uint8_t *secret);
void cfloor_desk_destroy(cfloor_desk *desk);

// Begins the records of both directions anew.
void cfloor_desk_restart(cfloor_desk *desk);
uint64_t cfloor_desk_orders(const cfloor_desk *desk);

// Seals a tick as record number `sequence` of the venue; returns its bytes.
size_t cfloor_desk_tick(
    cfloor_desk *desk, uint64_t sequence, const char *text, size_t count, uint8_t *record);

// One tick: opened, unframed, parsed, booked, judged; the order's sealed record at `answer`, or 0.
size_t cfloor_desk_decide(cfloor_desk *desk, const uint8_t *record, uint8_t *answer);

// Its parts, `count` times over.
void cfloor_book_level(cfloor_desk *desk, int is_ask, int64_t price, int64_t quantity);
int64_t cfloor_book(
    cfloor_desk *desk, const int64_t *prices, const int64_t *quantities, size_t count);
double cfloor_indicators(cfloor_desk *desk, double price, size_t count);
unsigned cfloor_checks(cfloor_desk *desk, int64_t price, size_t count);
size_t cfloor_encode(cfloor_desk *desk, int64_t price, size_t count);
size_t cfloor_frames(cfloor_desk *desk, size_t count);

// MARK: - From core to core.

typedef struct {
    uint64_t value;
    uint8_t padding[120];
} cfloor_line;

// `count` round trips of one cache line, numbered from `first`; the ticks of each.
void cfloor_ping(cfloor_line *line, uint64_t first, uint64_t count, uint64_t *ticks);
void cfloor_pong(cfloor_line *line, uint64_t first, uint64_t count);

enum { CFLOOR_STREAM_SLOTS = 4096 };

typedef struct {
    cfloor_line head, tail;
    uint64_t slots[CFLOOR_STREAM_SLOTS];
} cfloor_stream;

// `count` numbers through a ring whose ends keep the other's index.
void cfloor_stream_send(cfloor_stream *stream, uint64_t count);
uint64_t cfloor_stream_receive(cfloor_stream *stream, uint64_t count);

// MARK: - To memory that outlives the process.

// Appends `count` checksummed records of `bytes` bytes, from `offset` on and round again at the
// end of `room`; returns the offset behind the last.
size_t cfloor_journal(
    uint8_t *memory, size_t room, size_t offset, const uint8_t *payload, size_t bytes,
    size_t count);

// MARK: - Counting instructions

// Each calls `body` with `context` and `count` and nothing else: a name by which an instruction
// counter tells what the body has cost.
#define CFLOOR_COUNTED(name) \
    void cfloor_counted_##name( \
        void (*body)(void *context, size_t count), void *context, size_t count)

CFLOOR_COUNTED(trade);
CFLOOR_COUNTED(agg_trade);
CFLOOR_COUNTED(book_ticker);
CFLOOR_COUNTED(depth);
CFLOOR_COUNTED(execution_report);
CFLOOR_COUNTED(candle);
CFLOOR_COUNTED(new_report);
CFLOOR_COUNTED(position);
CFLOOR_COUNTED(answer);
CFLOOR_COUNTED(refusal);
CFLOOR_COUNTED(book_level);
CFLOOR_COUNTED(book_diff);
CFLOOR_COUNTED(indicators);
CFLOOR_COUNTED(checks);
CFLOOR_COUNTED(encode);
CFLOOR_COUNTED(encode_spare);
CFLOOR_COUNTED(encode_signed);
CFLOOR_COUNTED(encode_signed_spare);
CFLOOR_COUNTED(seal);
CFLOOR_COUNTED(open);
CFLOOR_COUNTED(journal);

// MARK: - TA-Lib, if its shared library is at hand

// What of TA-Lib's abstract interface is needed to call any of its functions over arrays.
typedef struct cfloor_talib cfloor_talib;
typedef struct cfloor_talib_call cfloor_talib_call;
// Columns of equal length: open, high, low, close, volume, a second series.
typedef struct {
    const double *columns[6];
    size_t count;
} cfloor_series;

// NULL if there is no such library or it is none. Never unloaded.
cfloor_talib *cfloor_talib_load(const char *path);
// Ready to compute `name` with parameters in TA-Lib's order; NULL if it has no such function.
cfloor_talib_call *cfloor_talib_prepare(
    cfloor_talib *library, const char *name, const double *parameters, size_t parameter_count,
    cfloor_series series);
// The whole series once. Returns the values made, negative if it was refused.
int cfloor_talib_run(cfloor_talib_call *call);
void cfloor_talib_end(cfloor_talib_call *call);

// MARK: - Requests to callgrind; without effect outside of it.

// Counts from here on.
void cfloor_count_start(void);
// Ends counting and writes what was counted under a name.
void cfloor_count_end(const char *name);

// MARK: - Through the kernel: TCP on 127.0.0.1, without delay. Sockets, or -1.

// Listens on a port of the kernel's choice.
int cfloor_listen(uint16_t *port);
// The next connection; waits at most `milliseconds`.
int cfloor_accept(int listener, int milliseconds);
int cfloor_connect(uint16_t port);
void cfloor_close(int socket);

// Echoes messages of `bytes` bytes until the peer has closed.
void cfloor_echo(int socket, size_t bytes);
// Sends a message and waits for it to come back, `count` times; the ticks of each round trip.
// Returns how many came back.
size_t cfloor_call(int socket, size_t bytes, size_t count, uint64_t *ticks);

// The trader on two sockets: ticks come in on one, orders leave on the other. Ends after `count`
// ticks or when a socket has failed; returns the ticks taken.
size_t cfloor_trader(cfloor_desk *desk, int market, int orders, size_t count);

// When a venue sends ticks: `burst` at a time, the moments `spacing` ticks of the time stamp
// counter apart. The trader answers each whose number is a multiple of `every`.
typedef struct {
    uint64_t spacing;
    size_t count, burst;
    int64_t every, first_update;
} cfloor_schedule;

// The venue: notes for each order the intended time of its tick and its time of arrival. Returns
// the orders that came in time.
size_t cfloor_venue(
    cfloor_desk *desk, const cfloor_schedule *schedule, int market, int orders, uint64_t *due,
    uint64_t *arrived);

#endif
