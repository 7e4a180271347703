package store_test

import (
	"bytes"
	"crypto/sha256"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

func TestASpooledBodyIsKeptWithoutBeingInMemory(t *testing.T) {
	dir, m := t.TempDir(), newMaker(t)
	s := openStore(t, dir)
	spool, err := s.Spool()
	if err != nil {
		t.Fatal(err)
	}
	const size = 24 << 20
	piece := bytes.Repeat([]byte("0123456789abcde\x00"), 4096)
	digest := sha256.New()
	for n := 0; n < size; n += len(piece) {
		digest.Write(piece)
		if _, err := spool.Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	c := m.capture("", func(c *hook.Capture) {
		c.Body, c.BodySize, c.BodySHA256 = spool, spool.Size(), [32]byte(digest.Sum(nil))
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	keep(t, s, c)
	if err := spool.Close(); err != nil {
		t.Fatal(err)
	}
	got := find(t, s, "last")
	r, err := got.Body.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	again := sha256.New()
	n, err := io.Copy(again, r)
	runtime.ReadMemStats(&after)
	if err != nil || n != size || [32]byte(again.Sum(nil)) != c.BodySHA256 {
		t.Errorf("%d bytes of %d came back, or others: %v", n, size, err)
	}
	// A copy of each chunk on the way in and out is all there should be.
	if used := after.Sys - before.Sys; used > size/2 {
		t.Errorf("memory grew by %d bytes for a body of %d", used, size)
	}
	if found := search(t, s, `body:"f`+"\x00"+`0" body:ABCDE`, 0); len(found) != 0 {
		t.Error(found)
	}
	if found := search(t, s, `body:ABCDE`, 0); len(found) != 1 {
		t.Error(found)
	}
}

func TestASpoolLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	spool, err := s.Spool()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(spool, "secret"); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && hasSpool(t, dir) {
		t.Error("the spool has a name while it is in use")
	}
	for range 2 {
		if body, err := hook.ReadBody(spool); string(body) != "secret" || err != nil {
			t.Errorf("%q %v", body, err)
		}
	}
	if err := spool.Close(); err != nil {
		t.Error(err)
	}
	if hasSpool(t, dir) {
		t.Error("the spool is still there")
	}
	readOnly, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer readOnly.Close()
	if _, err := readOnly.Spool(); err == nil {
		t.Error("a store opened to be read gave a spool")
	}
}

func hasSpool(t *testing.T, dir string) bool {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "spool-") {
			return true
		}
	}
	return false
}
