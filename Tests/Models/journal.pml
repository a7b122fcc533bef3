/* Sources/Journal: a writer that publishes PER records in each of SEGMENTS prepared segments and may
 * be killed at any store, a reader that follows it through the file meanwhile, and what the reader
 * finds once the writer is gone.
 *
 * Files are zero before, and every word is stored once: memory is which stores have arrived. The
 * writer's stores, in this order: a segment's checksum, its first sequence (release), then of each
 * record its body, its checksum, its length (release). A release store arrives behind all before
 * it, the others when they like; a killed writer's stores arrive all the same. Reading copies words
 * in any order, and other stores arrive in between: a checksum tells whether what was copied fits
 * together. The reader's first look at a place may be as old as it likes (what is in its buffer),
 * later ones are new. Its steps are those of JournalReader.next, openNext and settleEnd.
 *
 * Nothing may look like damage or a gap, no record may be taken twice or half, and at the end every
 * record whose append has returned has been read, and at most one more.
 *
 * What is taken away by a name must be found (scripts/models):
 *   RELAXED_LENGTH  a length may arrive before its record, and a later record before it
 *   RELAXED_HEAD    a segment's first sequence may arrive before the records before it
 *   NO_LAST_LOOK    a segment is left without another look for records behind those read
 *   NO_HEAD_LOOK    a head that does not fit its checksum is damage at the first look
 *
 * Limits: few records and segments, one word a body, four stores under way; memory is one for all threads, the file its
 * own memory (the page cache), so nothing about a machine that loses power: there checksums decide,
 * and tests cut and flip bytes (JournalTests). Preparing, removing and cutting segments is left out,
 * as are records of different lengths.
 */
#ifndef SEGMENTS
#define SEGMENTS 2
#endif
#ifndef PER
#define PER 2
#endif
#define UNDER_WAY 4
#define EACH (2 + 3 * PER)
#define STORES (SEGMENTS * EACH)

#define SUM(segment) arrived[(segment) * EACH]
#define FIRST(segment) arrived[(segment) * EACH + 1]
#define PLACE(record) ((record) / PER * EACH + 2 + (record) % PER * 3)
#define BODY(record) arrived[PLACE(record)]
#define CHECK(record) arrived[PLACE(record) + 1]
#define LENGTH(record) arrived[PLACE(record) + 2]
#define IS_FIRST(store) ((store) % EACH == 1)
#define IS_LENGTH(store) ((store) % EACH >= 4 && ((store) % EACH - 4) % 3 == 0)

bool arrived[STORES];
byte issued, complete, returned;      /* stores; stores all before which have arrived; appends */
bool isGone;

active proctype Writer() {
    do
    :: issued == STORES -> break
    :: issued < STORES && issued - complete < UNDER_WAY ->
        atomic {
            if
            :: IS_LENGTH(issued) -> returned++
            :: else -> skip
            fi;
            issued++
        }
    :: break                          /* killed */
    od;
    isGone = true
}

#ifdef RELAXED_LENGTH
#define LENGTH_MAY(store) true
#else
#define LENGTH_MAY(store) (complete == store)
#endif
#ifdef RELAXED_HEAD
#define FIRST_MAY(store) arrived[store - 1]
#else
#define FIRST_MAY(store) (complete == store)
#endif

/* Lets the writer's stores arrive. */
active proctype Stores() {
    byte store;
end:
    do
    :: atomic {
        complete < issued;
        select (store : complete .. STORES - 1);
        if
        :: store < issued && !arrived[store] && (!IS_LENGTH(store) || LENGTH_MAY(store)) &&
            (!IS_FIRST(store) || FIRST_MAY(store)) ->
            arrived[store] = true;
            do
            :: complete < issued && arrived[complete] -> complete++
            :: else -> break
            od
        :: else -> skip
        fi;
        store = 0
    }
    od
}

byte next;                            /* records read: the next one's number */
byte segment;                         /* segments opened */
mtype = { record, nothing, damaged, valid, spare };
mtype found;

/* Copies a record's words in any order. */
inline inspect(number) {
    found = nothing;
    if
    :: segment > 0 && number < segment * PER ->
        hasLength = false; hasCheck = false; hasBody = false;
        do
        :: !hasLength -> isLong = LENGTH(number); hasLength = true
        :: !hasCheck -> fits = CHECK(number); hasCheck = true
        :: !hasBody -> isIn = BODY(number); hasBody = true
        :: hasLength && hasCheck && hasBody -> break
        od;
        if
        :: !isLong -> skip
        :: isLong && fits && isIn -> found = record
        :: else -> found = damaged
        fi
    :: else -> skip                   /* the file ends here */
    fi;
    hasLength = false; hasCheck = false; hasBody = false; isLong = false; fits = false; isIn = false
}

/* Copies a head's words and the first record's length in any order. */
inline head(number) {
    do
    :: !hasLength -> isLong = LENGTH((number) * PER); hasLength = true
    :: !hasCheck -> fits = SUM(number); hasCheck = true
    :: !hasBody -> isIn = FIRST(number); hasBody = true
    :: hasLength && hasCheck && hasBody -> break
    od;
    isBlank = !isLong;
    if
    :: !isIn -> found = spare
    :: isIn && fits -> found = valid
    :: else -> found = damaged
    fi;
    hasLength = false; hasCheck = false; hasBody = false; isLong = false; fits = false; isIn = false
}

/* Opens the next segment in use, if there is one; `isOpened` tells. */
inline open() {
    isOpened = false; isSecond = false; hasSkipped = false; number = segment;
    do
    :: number == SEGMENTS -> break
    :: number < SEGMENTS ->
        head(number);
        if
        :: found == spare && isBlank -> hasSkipped = true; number++
        :: found == spare && !isBlank ->
            head(number);
            assert(found == valid);   /* else: corrupt */
            number = segment; hasSkipped = false; isSecond = false
        :: found == damaged ->
#ifndef NO_HEAD_LOOK
            head(number);
#endif
            if
            :: found == valid -> number = segment; hasSkipped = false; isSecond = false
            :: else ->
                assert(number == SEGMENTS - 1 && isBlank);  /* else: corrupt */
                number++
            fi
        :: found == valid && hasSkipped && !isSecond && next != number * PER ->
            /* The writer has taken what was a spare a moment ago, and filled it. */
            number = segment; hasSkipped = false; isSecond = true
        :: else ->
            if
            :: segment == 0 || next == number * PER -> segment = number + 1; isOpened = true
            :: else ->
#ifdef NO_LAST_LOOK
                found = nothing;
#else
                inspect(next);
#endif
                assert(found == record)  /* else: corrupt, or a gap */
            fi;
            break
        fi
    od;
    number = 0; hasSkipped = false; isSecond = false; isBlank = false
}

active proctype Reader() {
    bool hasLength, hasCheck, hasBody, isLong, fits, isIn, isBlank, isOpened, isSecond, hasSkipped;
    bool isLast, isStale;
    byte number;
    do
    :: segment == 0 ->
        isLast = isGone && complete == issued;
        open();
        if
        :: !isOpened && isLast -> break
        :: else -> skip
        fi
    :: segment > 0 ->
        /* Whoever begins now, and finds nothing, has seen the end. */
        isLast = isGone && complete == issued;
        if
        :: inspect(next)
        :: found = nothing            /* what is in the buffer is older */
        fi;
        if
        :: found != record -> inspect(next)
        :: else -> skip
        fi;
        if
        :: found == record -> next++
        :: else ->
            open();
            if
            :: isOpened -> skip
            :: else ->
                inspect(next);
                if
                :: found == record -> next++
                :: else ->
                    /* A whole record behind a broken one is damage, unless that is whole by now. */
                    if
                    :: found == damaged && next + 1 < segment * PER ->
                        inspect(next + 1);
                        isStale = (found == record);
                        inspect(next);
                        assert(!isStale || found == record)
                    :: else -> skip
                    fi;
                    isStale = false;
                    if
                    :: isLast -> break
                    :: else -> skip
                    fi
                fi
            fi
        fi;
        found = nothing
    od;
    assert(next >= returned && next <= returned + 1)
}
