package store

import "testing"

func TestSightingsAreOfWhatWasSeenAndNoMore(t *testing.T) {
	var s sightings
	s.add(3, []int64{5, 6, 7, 10})
	s.add(3, []int64{12, 11})
	for seq, want := range []bool{5: true, 6: true, 7: true, 8: false, 9: false, 10: true, 11: true, 12: true, 13: false} {
		if got := s.has(3, int64(seq)); got != want {
			t.Errorf("%d was seen: %t", seq, got)
		}
	}
	if s.has(4, 6) || s.has(2, 6) {
		t.Error("it is there whatever was deleted since")
	}
	s.add(4, []int64{6})
	if !s.has(4, 6) || s.has(4, 7) || s.has(3, 7) {
		t.Errorf("after a deletion: %+v", s.spans)
	}
	s.add(3, []int64{7}) // by a list that is behind
	if s.has(4, 6) || s.has(4, 7) || !s.has(3, 7) {
		t.Errorf("as of before a deletion: %+v", s.spans)
	}
}

func TestTheLastSightingsAreRemembered(t *testing.T) {
	var s sightings
	for n := range int64(3 * maxSightings) {
		s.add(0, []int64{10 * n, 10*n + 1})
	}
	for n := range int64(3 * maxSightings) {
		want := n >= 2*maxSightings
		if s.has(0, 10*n) != want || s.has(0, 10*n+1) != want || s.has(0, 10*n+2) {
			t.Errorf("%d was seen: %t", 10*n, !want)
		}
	}
}
