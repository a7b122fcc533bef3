/* Sources/Rings/BroadcastRing.swift: one producer that waits for nobody, one reader (readers do not
 * know of each other), RECORDS pushes over SLOTS slots; every order in which the producer's stores
 * may arrive, and every order in which the reader's loads may be made.
 *
 * The producer never looks at anything, so all its stores are on their way from the start: push
 * number p stores, in this order, 0 into the slot's sequence (relaxed), behind a release fence two
 * payload words (relaxed), p + 1 into the sequence (release), p + 1 into `tail` (release). A store
 * arrives when those that must come before it have: those to the same place; for a release store,
 * and for one behind a release fence, all before. So the 0 of a later push may arrive early. The
 * reader loads the sequence (acquire), then both words in any order, behind an acquire fence the
 * sequence again.
 *
 * What the model takes away is put back by a name, and then must be found (scripts/models):
 *   NO_RELEASE_FENCE  new words may arrive before the 0
 *   NO_ACQUIRE_FENCE  the sequence may be looked at again before the words are read
 *   RELAXED_SEQUENCE  the sequence may arrive before the words
 *
 * Limits: few slots and records (the code has at least 4 slots; fewer are harder); memory is one
 * for all threads (as on x86 and ARMv8, not on POWER); loads of two successive reads are not
 * exchanged; no wrapping of 64-bit positions.
 */
#ifndef SLOTS
#define SLOTS 2
#endif
#ifndef RECORDS
#define RECORDS 5
#endif

#ifdef NO_RELEASE_FENCE
#define BEHIND_FENCE(push, isIn) (push < SLOTS || isIn[push - SLOTS])
#else
#define BEHIND_FENCE(push, isIn) (push == complete && zeroIn[push])
#endif
#ifdef RELAXED_SEQUENCE
#define WORDS_IN(push) true
#else
#define WORDS_IN(push) (firstIn[push] && secondIn[push])
#endif
#ifdef NO_ACQUIRE_FENCE
#define BEHIND_LOADS true
#else
#define BEHIND_LOADS (hasOne && hasTwo)
#endif

byte sequence[SLOTS], first[SLOTS], second[SLOTS];
byte tail;

byte complete;      /* pushes all of whose stores have arrived */
bool zeroIn[RECORDS], firstIn[RECORDS], secondIn[RECORDS], sequenceIn[RECORDS];

/* Lets the producer's stores arrive. */
active proctype Producer() {
    byte push;
    do
    :: complete == RECORDS -> break
    :: complete < RECORDS -> atomic {
        select (push : complete .. RECORDS - 1);
        if
        :: !zeroIn[push] && (push < SLOTS || sequenceIn[push - SLOTS]) ->
            sequence[push % SLOTS] = 0; zeroIn[push] = true
        :: !firstIn[push] && BEHIND_FENCE(push, firstIn) ->
            first[push % SLOTS] = push + 1; firstIn[push] = true
        :: !secondIn[push] && BEHIND_FENCE(push, secondIn) ->
            second[push % SLOTS] = push + 1; secondIn[push] = true
        :: push == complete && zeroIn[push] && !sequenceIn[push] && WORDS_IN(push) ->
            sequence[push % SLOTS] = push + 1; sequenceIn[push] = true
        :: push == complete && sequenceIn[push] && firstIn[push] && secondIn[push] ->
            tail = push + 1; complete = push + 1
        :: else -> skip
        fi;
        push = 0
    }
    od
}

active proctype Reader() {
    byte next = 0, seen = 0, lost = 0, before, after, one, two, published;
    bool hasOne, hasTwo, hasAfter;
    do
    :: next == RECORDS -> break
    :: next < RECORDS ->
        before = sequence[next % SLOTS];  /* acquire */
        if
        :: before == next + 1 ->
            do
            :: !hasOne -> one = first[next % SLOTS]; hasOne = true
            :: !hasTwo -> two = second[next % SLOTS]; hasTwo = true
            :: !hasAfter && BEHIND_LOADS -> after = sequence[next % SLOTS]; hasAfter = true
            :: hasOne && hasTwo && hasAfter -> break
            od;
            hasOne = false; hasTwo = false; hasAfter = false
        :: else -> after = 0
        fi;
        if
        :: before == next + 1 && after == before ->
            next++;
            seen++;
            /* Whole, and the record of this place. */
            assert(one == next && two == next)
        :: else ->
            published = tail;  /* acquire */
            if
            :: published > next && published - next >= SLOTS ->
                lost = lost + published - SLOTS / 2 - next;
                next = published - SLOTS / 2
            :: else -> skip  /* nothing newer: looks again */
            fi
        fi;
        before = 0; after = 0; one = 0; two = 0; published = 0
    od;
    /* Each record was read or counted. */
    assert(seen + lost == RECORDS)
}
