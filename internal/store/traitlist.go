package store

import "encoding/binary"

// A traitList is the traits that captures of a zone have. The zero traits are the
// first whether one has them or not, and are not written; where one has them, and
// others have others, they are in it again.
type traitList []traits

// append appends l as it is written to buf.
func (l traitList) append(buf []byte) []byte {
	for _, t := range l[1:] {
		buf = binary.AppendUvarint(buf, uint64(t.outcome))
		buf = appendText(buf, t.provider)
		buf = appendText(buf, t.event)
	}
	return buf
}

// Scan reads what append wrote.
func (l *traitList) Scan(value any) error {
	data, ok := value.([]byte)
	if !ok && value != nil {
		return errZone
	}
	*l = append((*l)[:0], traits{})
	for p := newParts(data); p.more(); {
		*l = append(*l, traits{outcome: p.number(outcomeNone, outcomeUnsaid), provider: p.text(), event: p.text()})
		if p.bad {
			return errZone
		}
	}
	return nil
}

// traitRoom is about how many bytes a list has. What is too much is left unsaid: a
// sender can make up any number of events, and the list is written again whenever
// a capture comes.
const traitRoom = 4 << 10

// A traitLister makes a list.
type traitLister struct {
	traits  traitList
	numbers map[traits]uint16
	room    int
}

func newTraitLister() *traitLister {
	return &traitLister{traits: traitList{{}}, numbers: map[traits]uint16{{}: 0}, room: traitRoom}
}

// number returns which of the list t is, or what stands for it.
func (l *traitLister) number(t traits) uint16 {
	if n, listed := l.numbers[t]; listed {
		return n
	}
	if l.room -= len(t.provider) + len(t.event); l.room < 0 && t != unsaid() {
		return l.number(unsaid())
	}
	n := uint16(len(l.traits))
	l.numbers[t] = n
	l.traits = append(l.traits, t)
	return n
}
