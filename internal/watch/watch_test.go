package watch_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
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
	told, done := make(chan []string, 16), make(chan struct{})
	w, err := watch.Begin(list)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(done)
		w.Tell(ctx, 20*time.Millisecond, func(paths []string) { told <- paths })
	}()
	t.Cleanup(func() { cancel(); <-done })
	return told
}

// expect waits for a change that names path. What changes it is done again until
// the watcher has told it.
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

func TestAFolderThatGoesAndComesIsWatchedAgain(t *testing.T) {
	dir := t.TempDir()
	deep := filepath.Join(dir, "a", "b")
	file := filepath.Join(deep, "file")
	told := started(t, func() []string { return []string{file, filepath.Join(dir, "seen")} })
	expect(t, told, filepath.Join(dir, "seen"), func() { write(t, filepath.Join(dir, "seen")) })
	once := func(what string, change func() error) {
		t.Helper()
		if err := change(); err != nil {
			t.Fatal(err)
		}
		select {
		case paths := <-told:
			if !slices.Contains(paths, file) {
				t.Errorf("%s: told %q", what, paths)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: nothing was told", what)
		}
		time.Sleep(100 * time.Millisecond) // what else comes of it
		for len(told) > 0 {
			<-told
		}
	}
	edit := func() error { return os.WriteFile(file, []byte("x"), 0o600) }
	once("it comes", func() error {
		if err := os.MkdirAll(deep, 0o700); err != nil {
			return err
		}
		return edit()
	})
	once("an edit", edit)
	once("it is moved away", func() error { return os.Rename(deep, deep+"2") })
	once("it is moved back", func() error { return os.Rename(deep+"2", deep) })
	once("an edit after that", edit)
	once("it is removed", func() error { return os.RemoveAll(filepath.Join(dir, "a")) })
	once("it is made again", func() error { return os.MkdirAll(deep, 0o700) })
	once("an edit after that", edit)
}

func TestWhatALinkLeadsToIsWatched(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	link, target := filepath.Join(dir, "link"), filepath.Join(elsewhere, "target")
	write(t, target)
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err)
	}
	told := started(t, func() []string { return []string{link} })
	expect(t, told, link, func() { write(t, target) })
	t.Run("after it leads elsewhere", func(t *testing.T) {
		other := filepath.Join(t.TempDir(), "other")
		expect(t, told, link, func() { os.Remove(link); os.Symlink(other, link) })
		time.Sleep(100 * time.Millisecond)
		for len(told) > 0 {
			<-told
		}
		expect(t, told, link, func() { write(t, other) })
	})
	t.Run("a folder that is one", func(t *testing.T) {
		first, second := t.TempDir(), t.TempDir()
		folder := filepath.Join(dir, "folder")
		if err := os.Symlink(first, folder); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(folder, "file")
		told := started(t, func() []string { return []string{file} })
		expect(t, told, file, func() { write(t, file) })
		expect(t, told, file, func() { os.Remove(folder); os.Symlink(second, folder) })
		time.Sleep(100 * time.Millisecond)
		for len(told) > 0 {
			<-told
		}
		expect(t, told, file, func() { write(t, filepath.Join(second, "file")) })
	})
}
