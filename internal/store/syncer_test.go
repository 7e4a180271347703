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
	if err := s.committed(false); err != nil || !s.loose || s.done == nil {
		t.Fatalf("after a commit: loose %t, under way %t, %v", s.loose, s.done != nil, err)
	}
	if err := s.flush(); err != nil || s.loose || s.done != nil {
		t.Errorf("after the end: loose %t, under way %t, %v", s.loose, s.done != nil, err)
	}
	s.begun = time.Now().Add(time.Hour) // a moment ago, however slow the machine is
	if err := s.committed(false); err != nil || !s.loose || s.done != nil {
		t.Errorf("right after that: loose %t, under way %t, %v", s.loose, s.done != nil, err)
	}
	s.begun = time.Now().Add(-syncEvery)
	if err := s.committed(false); err != nil || s.done == nil {
		t.Errorf("after a while: under way %t, %v", s.done != nil, err)
	}
	if err := s.committed(true); err != nil || s.loose {
		t.Errorf("after a commit that waited: loose %t, %v", s.loose, err)
	}
	if err := s.flush(); err != nil || s.done != nil {
		t.Errorf("under way %t, %v", s.done != nil, err)
	}
}

func TestOneIsBroughtToTheDiskAtATime(t *testing.T) {
	under := make(chan error, 1)
	s := syncer{place: logged(t), done: under}
	for range 3 {
		if err := s.committed(false); err != nil || s.done != under {
			t.Fatalf("another is under way, or %v", err)
		}
	}
	under <- nil
	if err := s.committed(false); err != nil || s.done == under || s.done == nil {
		t.Errorf("none is under way, %v", err)
	}
	if err := s.flush(); err != nil {
		t.Error(err)
	}
}

// What cannot be brought to the disk is told by the next commit, and stays to be brought
// there.
func TestWhatCannotBeBroughtToTheDiskIsToldAndTriedAgain(t *testing.T) {
	s := syncer{place: folder(t.TempDir())}
	if err := os.Mkdir(s.place.log(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.committed(false); err != nil {
		t.Fatalf("told before it was tried: %v", err)
	}
	failure := <-s.done
	s.done <- failure
	if err := s.committed(false); failure == nil || err != failure || !s.loose || s.done != nil {
		t.Errorf("loose %t, under way %t, %v", s.loose, s.done != nil, err)
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
