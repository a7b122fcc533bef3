// simdjson On-Demand as it is usually written: a document, its fields by name, numbers in strings
// taken as strings and converted by a loop. Each message must yield what the floor reads of it.
// Built by scripts/peers where libsimdjson-dev is installed; no part of the package.
#include <simdjson.h>

extern "C" {
#include "CFloor.h"
}

#include <cstring>

using namespace simdjson;

#define TEXT(word) #word
#define WORDS(word) TEXT(word)

extern "C" const char *peer_name(void) { return "simdjson " WORDS(SIMDJSON_VERSION); }

static thread_local ondemand::parser parser;

static ondemand::document document(const uint8_t *text, size_t count) {
    return parser.iterate(text, count, count + SIMDJSON_PADDING);
}

// A decimal of at most eight places in units of 1e-8.
static int64_t decimal(std::string_view text) {
    int64_t value = 0;
    int places = -1;
    for (char character : text) {
        if (character == '.') {
            places = 0;
            continue;
        }
        if (character < '0' || character > '9') throw simdjson_error(NUMBER_ERROR);
        value = value * 10 + (character - '0');
        if (places >= 0) places++;
    }
    for (int place = places < 0 ? 0 : places; place < 8; place++) value *= 10;
    return value;
}

static int64_t decimal(ondemand::object &object, const char *key) {
    return decimal(std::string_view(object[key].get_string()));
}

// The first eight bytes of a word and its length, as the floor keeps them.
static uint64_t word(std::string_view text) {
    uint64_t bytes = 0;
    memcpy(&bytes, text.data(), text.size() < 8 ? text.size() : 8);
    return bytes ^ static_cast<uint64_t>(text.size()) << 56;
}

static void symbol(ondemand::object &object) {
    std::string_view name = object["s"].get_string();
    if (name != "BTCUSDT") throw simdjson_error(INCORRECT_TYPE);
}

static int read_trade(const uint8_t *text, size_t count, cfloor_trade *trade, bool aggregate) {
    ondemand::document whole = document(text, count);
    ondemand::object data = whole["data"].get_object();
    symbol(data);
    trade->identifier = data[aggregate ? "a" : "t"].get_int64();
    trade->price = decimal(data, "p");
    trade->quantity = decimal(data, "q");
    if (aggregate) {
        int64_t first = data["f"].get_int64();
        int64_t last = data["l"].get_int64();
        trade->count = last - first + 1;
    }
    trade->time = data["T"].get_int64();
    trade->is_sell = bool(data["m"].get_bool());
    return 1;
}

static int levels(ondemand::array side, int64_t *&level, const int64_t *end) {
    int count = 0;
    for (ondemand::array pair : side) {
        if (level == end) throw simdjson_error(CAPACITY);
        int place = 0;
        for (std::string_view text : pair) level[place++ & 1] = decimal(text);
        level += 2;
        count++;
    }
    return count;
}

extern "C" int peer_parse_trade(const uint8_t *text, size_t count, void *target) try {
    return read_trade(text, count, static_cast<cfloor_trade *>(target), false);
} catch (const simdjson_error &) {
    return 0;
}

extern "C" int peer_parse_aggregate(const uint8_t *text, size_t count, void *target) try {
    return read_trade(text, count, static_cast<cfloor_trade *>(target), true);
} catch (const simdjson_error &) {
    return 0;
}

extern "C" int peer_parse_top(const uint8_t *text, size_t count, void *target) try {
    auto top = static_cast<cfloor_top *>(target);
    ondemand::document whole = document(text, count);
    ondemand::object data = whole["data"].get_object();
    top->update = data["u"].get_int64();
    symbol(data);
    top->bid = decimal(data, "b");
    top->bid_quantity = decimal(data, "B");
    top->ask = decimal(data, "a");
    top->ask_quantity = decimal(data, "A");
    return 1;
} catch (const simdjson_error &) {
    return 0;
}

extern "C" int peer_parse_depth(const uint8_t *text, size_t count, void *target) try {
    auto depth = static_cast<cfloor_depth *>(target);
    ondemand::document whole = document(text, count);
    ondemand::object data = whole["data"].get_object();
    depth->time = data["E"].get_int64();
    symbol(data);
    depth->first = data["U"].get_int64();
    depth->last = data["u"].get_int64();
    int64_t *level = depth->levels;
    const int64_t *end = depth->levels + 2 * CFLOOR_LEVELS;
    depth->bids = levels(data["b"].get_array(), level, end);
    depth->asks = levels(data["a"].get_array(), level, end);
    return 1;
} catch (const simdjson_error &) {
    return 0;
}

extern "C" int peer_parse_execution(const uint8_t *text, size_t count, void *target) try {
    auto report = static_cast<cfloor_execution *>(target);
    ondemand::document whole = document(text, count);
    ondemand::object event = whole["event"].get_object();
    report->time = event["E"].get_int64();
    symbol(event);
    std::string_view client = event["c"].get_string();
    if (client.size() < 8) return 0;
    memcpy(&report->client, client.data() + client.size() - 8, 8);
    report->words[0] = word(event["S"].get_string());
    report->words[1] = word(event["o"].get_string());
    report->words[2] = word(event["f"].get_string());
    report->quantity = decimal(event, "q");
    report->price = decimal(event, "p");
    report->words[3] = word(event["x"].get_string());
    report->words[4] = word(event["X"].get_string());
    report->words[5] = word(event["r"].get_string());
    report->order = event["i"].get_int64();
    report->last_quantity = decimal(event, "l");
    report->filled = decimal(event, "z");
    report->last_price = decimal(event, "L");
    report->commission = decimal(event, "n");
    report->words[6] = word(event["N"].get_string());
    report->transaction_time = event["T"].get_int64();
    report->trade = event["t"].get_int64();
    report->identifier = event["I"].get_int64();
    report->is_maker = bool(event["m"].get_bool());
    return 1;
} catch (const simdjson_error &) {
    return 0;
}
