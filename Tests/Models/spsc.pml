/* Sources/Rings/SPSCRing.swift, every interleaving of RECORDS pushes and pops over SLOTS slots.
 *
 * A record is two words, so that a half-written one shows. The producer's stores are not in memory
 * when they are issued: they arrive in any order that C++'s release ordering allows (a store of
 * `tail` behind everything issued before it, stores to one place in their order, all else freely).
 * So does the consumer's store of `head`. A load of an index with acquire ordering comes before
 * every load and store behind it, which the order of the statements says.
 *
 * What the model takes away is put back by a name, and then must be found (scripts/models):
 *   RELAXED_TAIL       the store of `tail` no longer waits for the record
 *   RELAXED_TAIL_LOAD  the record may be read before `tail` is
 *   RELAXED_HEAD       the store of `head` no longer waits for the record to be read
 *   NO_FULL_CHECK      the producer does not look whether a slot is free
 *
 * Limits: few slots and records, so nothing about the wrapping of 64-bit indices; memory is one for
 * all threads (a store reaches all others at once, as on x86 and ARMv8, not on POWER); a thread
 * sees no store of its own early except by its own indices, as in the code; no out-of-thin-air
 * values; `drain`, the gauge and the high-water mark are left out.
 */
#ifndef SLOTS
#define SLOTS 2
#endif
#ifndef RECORDS
#define RECORDS 5
#endif

byte first[SLOTS], second[SLOTS];  /* a record's two words */
byte head, tail;                   /* as other threads see them */

byte issued;                       /* pushes whose stores are on their way */
bool firstIn[RECORDS], secondIn[RECORDS], tailIn[RECORDS];
byte freed;                        /* the consumer's last store of head, on its way */

active proctype Producer() {
    byte next = 0, cachedHead = 0;
    do
    :: next == RECORDS -> break
    :: next < RECORDS ->
#ifndef NO_FULL_CHECK
        if
        :: next - cachedHead >= SLOTS ->
            cachedHead = head;  /* acquire */
            if
            :: next - cachedHead >= SLOTS -> skip  /* refused: tries again */
            :: else -> next++; issued = next
            fi
        :: else -> next++; issued = next
        fi
#else
        next++; issued = next
#endif
    od
}

#ifdef RELAXED_TAIL
#define RECORD_IN(push) true
#else
#define RECORD_IN(push) (firstIn[push] && secondIn[push])
#endif

/* Lets the producer's stores arrive. */
active proctype ProducerStores() {
    byte index;
end:
    do
    :: atomic {
        select (index : 0 .. RECORDS - 1);
        index < issued;
        if
        :: !firstIn[index] && (index < SLOTS || firstIn[index - SLOTS]) ->
            first[index % SLOTS] = index + 1; firstIn[index] = true
        :: !secondIn[index] && (index < SLOTS || secondIn[index - SLOTS]) ->
            second[index % SLOTS] = index + 1; secondIn[index] = true
        :: !tailIn[index] && (index == 0 || tailIn[index - 1]) && RECORD_IN(index) ->
            tail = index + 1; tailIn[index] = true
        :: else -> skip
        fi
        index = 0
    }
    od
}

/* Lets the consumer's store arrive; later ones of one place may overtake none. */
active proctype ConsumerStores() {
end:
    do
    :: atomic { head < freed -> head++ }
    od
}

active proctype Consumer() {
    byte next = 0, cachedTail = 0, one, two;
    do
    :: next == RECORDS -> break
    :: next < RECORDS ->
#ifdef RELAXED_TAIL_LOAD
        one = first[next % SLOTS];
        two = second[next % SLOTS];
#endif
        if
        :: next == cachedTail -> cachedTail = tail  /* acquire */
        :: else -> skip
        fi;
        if
        :: next == cachedTail -> skip  /* empty: tries again */
        :: else ->
#ifdef RELAXED_HEAD
            freed = next + 1;
#endif
#ifndef RELAXED_TAIL_LOAD
            one = first[next % SLOTS];
            two = second[next % SLOTS];
#endif
            next++;
            freed = next;  /* release: what was read is read */
            /* Whole, in order, each once. */
            assert(one == next && two == next)
        fi
    od;
    assert(cachedTail <= RECORDS)
}
