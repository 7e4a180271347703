package store

import (
	"os"
	"testing"
	"time"
)

// logged is a place with a log to be brought to the disk.
func logged(t *testing.T) folder {
	t.Helper()
	place := folder(t.TempDir())
	if err := os.WriteFile(place.log(), []byte("log"), 0o600); err != nil {
		t.Fatal(err)
	}
	return place
}

func TestWhatDidNotWaitIsBroughtToTheDisk(t *testing.T) {
	s := syncer{place: logged(t)}
	expect := func(when string, loose, underWay bool) {
		t.Helper()
		if s.loose != loose || (s.done != nil) != underWay {
			t.Errorf("%s: loose %t, under way %t", when, s.loose, s.done != nil)
		}
	}
	flush := func() {
		t.Helper()
		if err := s.flush(); err != nil {
			t.Error(err)
		}
	}
	s.committed(false)
	expect("after a commit", true, true)
	flush()
	expect("after the end", false, false)
	s.begun = time.Now().Add(time.Hour) // a moment ago, however slow the machine is
	s.committed(false)
	expect("right after that", true, false)
	s.begun = time.Now().Add(-syncEvery)
	s.committed(false)
	expect("after a while", true, true)
	s.committed(true)
	expect("after a commit that waited", false, true)
	flush()
	expect("at the end", false, false)
}

func TestOneIsBroughtToTheDiskAtATime(t *testing.T) {
	under := make(chan error, 1)
	s := syncer{place: logged(t), done: under}
	for range 3 {
		if s.committed(false); s.done != under || s.failure() != nil {
			t.Fatal("another is under way, or told to have failed")
		}
	}
	under <- nil
	if err := s.failure(); err != nil || s.done != nil {
		t.Errorf("under way %t, %v", s.done != nil, err)
	}
	if s.committed(false); s.done == nil {
		t.Error("none is under way")
	}
	if err := s.flush(); err != nil {
		t.Error(err)
	}
}

// What could not be brought to the disk is told once, to whoever asks first, also where it
// can be by then: the system does not say it twice.
func TestWhatCouldNotBeBroughtToTheDiskIsTold(t *testing.T) {
	for name, ask := range map[string]func(*syncer) error{"by the next commit": (*syncer).failure, "at the end": (*syncer).flush} {
		t.Run(name, func(t *testing.T) {
			s := syncer{place: folder(t.TempDir())}
			if err := os.Mkdir(s.place.log(), 0o700); err != nil {
				t.Fatal(err)
			}
			s.committed(false)
			s.done <- <-s.done // it has come to its end
			if err := os.Remove(s.place.log()); err != nil {
				t.Fatal(err)
			}
			if err := ask(&s); err == nil {
				t.Error("told nobody")
			}
			if err := s.flush(); err != nil || s.loose {
				t.Errorf("told twice: %v; loose %t", err, s.loose)
			}
		})
	}
}

// What stays on the way is tried again.
func TestWhatCannotBeBroughtToTheDiskIsTriedAgain(t *testing.T) {
	s := syncer{place: folder(t.TempDir()), loose: true}
	if err := os.Mkdir(s.place.log(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.flush(); err == nil || !s.loose {
		t.Errorf("loose %t, %v", s.loose, err)
	}
	if err := os.Remove(s.place.log()); err != nil {
		t.Fatal(err)
	}
	if err := s.flush(); err != nil || s.loose {
		t.Errorf("once all is in the main file: loose %t, %v", s.loose, err)
	}
}
