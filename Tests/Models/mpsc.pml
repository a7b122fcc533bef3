/* Sources/Rings/MPSCRing.swift: two producers that push RECORDS each, one consumer, over SLOTS slots;
 * every interleaving, and every order in which the stores may arrive.
 *
 * A record is two words, so that a half-written one shows. A producer claims a position by an
 * exchange on `tail`, which acts on memory at once; its two words and behind them the slot's
 * sequence are on their way from then on, also while the producer goes on to its next push. The
 * sequence is a release store: it arrives behind everything that its producer stored before, the
 * words in any order. The consumer's stores of a slot's sequence, which free it, arrive in their
 * order some time after the record was read.
 *
 * What the model takes away is put back by a name, and then must be found (scripts/models):
 *   RELAXED_SEQUENCE       the sequence may arrive before the words
 *   RELAXED_SEQUENCE_LOAD  the consumer may read the words before it looks at the sequence
 *   RELAXED_FREE           a slot may be free before its record is read
 *   NO_TURN_CHECK          a producer does not look whether the slot is free
 *   SLOTS=1                "free for the next round" and "filled in this one" are the same number;
 *                          the code has at least two slots
 *
 * Limits: two producers, few slots and records; memory is one for all threads (as on x86 and ARMv8,
 * not on POWER); an exchange that fails for no reason only repeats what was there; `head`, the
 * gauge and the count of refusals are left out; no wrapping of 64-bit positions.
 */
#ifndef SLOTS
#define SLOTS 2
#endif
#ifndef RECORDS
#define RECORDS 2
#endif
#define ALL (2 * RECORDS)

#ifdef RELAXED_SEQUENCE
#define WORDS_IN(place) true
#else
#define WORDS_IN(place) (firstIn[place] && secondIn[place])
#endif
#ifdef NO_TURN_CHECK
#define IS_FREE(place) true
#else
#define IS_FREE(place) (sequence[place % SLOTS] == place)
#endif

byte sequence[SLOTS], first[SLOTS], second[SLOTS];
byte tail;                                /* the next position to be claimed */

/* By position: what its producer stores, and what of it has arrived. */
byte word[ALL], before[ALL];              /* `before`: the producer's position before, plus 1 */
bool firstIn[ALL], secondIn[ALL], sequenceIn[ALL];
byte read, freed;                         /* positions the consumer has read, and slots it has freed */

proctype Producer(byte own) {
    byte pushed = 0, position = tail, last = 0;
    do
    :: pushed == RECORDS -> break
    :: pushed < RECORDS ->
        if
        :: IS_FREE(position) ->           /* acquire */
            atomic {
                if
                :: tail == position ->
                    tail++;
                    pushed++;
                    word[position] = own * RECORDS + pushed;
                    before[position] = last;
                    last = position + 1
                :: else -> skip
                fi;
                position = tail
            }
        :: else -> position = tail        /* full, or overtaken: tries again */
        fi
    od
}

#define ARRIVED(place) (before[place] == 0 || sequenceIn[before[place] - 1])

/* Lets the producers' stores arrive. */
proctype Stores() {
    byte place;
end:
    do
    :: atomic {
        tail > 0;
        select (place : 0 .. ALL - 1);
        if
        :: place < tail && !firstIn[place] ->
            first[place % SLOTS] = word[place]; firstIn[place] = true
        :: place < tail && !secondIn[place] ->
            second[place % SLOTS] = word[place]; secondIn[place] = true
        :: place < tail && !sequenceIn[place] && ARRIVED(place) && WORDS_IN(place) ->
            sequence[place % SLOTS] = place + 1; sequenceIn[place] = true
        :: else -> skip
        fi;
        place = 0
    }
    od
}

/* Lets the consumer's stores arrive. */
proctype Frees() {
end:
    do
    :: atomic { freed < read -> sequence[freed % SLOTS] = freed + SLOTS; freed++ }
    od
}

proctype Consumer() {
    byte next = 0, one, two, heard[2];
    do
    :: next == ALL -> break
    :: next < ALL ->
#ifdef RELAXED_SEQUENCE_LOAD
        one = first[next % SLOTS];
        two = second[next % SLOTS];
#endif
        if
        :: sequence[next % SLOTS] == next + 1 ->  /* acquire */
#ifdef RELAXED_FREE
            read = next + 1;
#endif
#ifndef RELAXED_SEQUENCE_LOAD
            one = first[next % SLOTS];
            two = second[next % SLOTS];
#endif
            next++;
            read = next;                          /* release: what was read is read */
            /* Whole; and of each producer in its order, each once. */
            assert(one == two && one > 0);
            heard[(one - 1) / RECORDS]++;
            assert(one == (one - 1) / RECORDS * RECORDS + heard[(one - 1) / RECORDS])
        :: else -> skip                           /* none is complete: looks again */
        fi;
        one = 0; two = 0
    od
}

init {
    byte slot = 0;
    atomic {
        do
        :: slot < SLOTS -> sequence[slot] = slot; slot++
        :: else -> break
        od;
        run Producer(0); run Producer(1); run Stores(); run Frees(); run Consumer()
    }
}
