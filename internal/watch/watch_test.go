package watch_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/watch"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// started watches what list names and returns the changes that are told.
func started(t *testing.T, list func() []string) <-chan []string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	told, done := make(chan []string, 16), make(chan error)
	go func() {
		done <- watch.Changes(ctx, list, 20*time.Millisecond, func(paths []string) { told <- paths })
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return told
}

// expect waits for a change that names path. What changes it is done again until
// the watcher, which begins at its own time, has seen it.
func expect(t *testing.T, told <-chan []string, path string, change func()) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		change()
		select {
		case paths := <-told:
			for _, p := range paths {
				if p == path {
					return
				}
			}
		case <-time.After(200 * time.Millisecond):
		case <-deadline:
			t.Fatalf("no change of %s was told", path)
		}
	}
}

func write(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(time.Now().String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestChangesOfFilesAreTold(t *testing.T) {
	dir := t.TempDir()
	file, other := filepath.Join(dir, "file"), filepath.Join(dir, "other")
	write(t, file)
	told := started(t, func() []string { return []string{file, filepath.Join(dir, "missing", "file")} })
	expect(t, told, file, func() { write(t, other); write(t, file) })
	t.Run("replaced as editors do", func(t *testing.T) {
		expect(t, told, file, func() {
			write(t, other)
			if err := os.Rename(other, file); err != nil {
				t.Fatal(err)
			}
		})
	})
	t.Run("removed", func(t *testing.T) {
		expect(t, told, file, func() { write(t, file); os.Remove(file) })
	})
}

func TestOtherFilesAreNotTold(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	told := started(t, func() []string { return []string{file} })
	expect(t, told, file, func() { write(t, file) })
	for range 20 {
		write(t, filepath.Join(dir, "other"))
	}
	select {
	case paths := <-told:
		for _, p := range paths {
			if p != file {
				t.Errorf("%s was told", p)
			}
		}
	case <-time.After(100 * time.Millisecond):
	}
}

func TestAllFilesOfAFolderAreTold(t *testing.T) {
	dir := t.TempDir()
	told := started(t, func() []string { return []string{dir + string(filepath.Separator)} })
	expect(t, told, filepath.Join(dir, "any"), func() { write(t, filepath.Join(dir, "any")) })
}

func TestWhatIsWatchedCanChange(t *testing.T) {
	first, second := filepath.Join(t.TempDir(), "first"), filepath.Join(t.TempDir(), "second")
	calls := 0
	told := started(t, func() []string {
		if calls++; calls == 1 {
			return []string{first}
		}
		return []string{second}
	})
	expect(t, told, first, func() { write(t, first) })
	expect(t, told, second, func() { write(t, second) })
}
