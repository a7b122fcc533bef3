#include "CFloor.h"

// The statement behind the call keeps it from becoming a jump, which would hide the caller.
#define DEFINE(name) \
    CFLOOR_COUNTED(name) { \
        body(context, count); \
        __asm__ volatile("" : : : "memory"); \
    }

DEFINE(trade)
DEFINE(agg_trade)
DEFINE(book_ticker)
DEFINE(depth)
DEFINE(execution_report)
DEFINE(candle)
DEFINE(new_report)
DEFINE(position)
DEFINE(answer)
DEFINE(refusal)
DEFINE(book_level)
DEFINE(book_diff)
DEFINE(indicators)
DEFINE(checks)
DEFINE(encode)
DEFINE(encode_spare)
DEFINE(encode_signed)
DEFINE(encode_signed_spare)
DEFINE(seal)
DEFINE(open)
DEFINE(journal)
