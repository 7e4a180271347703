package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// These make the test binary a child process that does one thing with a store.
const (
	childVariable = "STORE_TEST_CHILD"
	dirVariable   = "STORE_TEST_DIR"
)

// runChild does what the child is for and returns its exit status.
func runChild(what string) int {
	verb, arg, _ := strings.Cut(what, " ")
	n, _ := strconv.Atoi(arg)
	err := map[string]func(dir string, n int) error{
		"keep": childKeep, "list": childList, "open": childOpen, "hold": childHold,
		"deliver": childDeliver, "advance": childAdvance, "own": childOwn, "delete": childDelete,
	}[verb](os.Getenv(dirVariable), n)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// childKeep keeps n captures from four callers, and prints the id of each once it
// is acknowledged. 0 is without end.
func childKeep(dir string, n int) error {
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	m := newMaker(childTB{})
	const callers = 4
	results := make(chan error, callers)
	ids := make(chan hook.ID)
	go func() {
		defer close(ids)
		for i := 0; n == 0 || i < n; i++ {
			ids <- m.id(hook.CapturePrefix)
		}
	}()
	for range callers {
		go func() {
			for id := range ids {
				c := childCapture(id)
				if err := <-s.Keep(c); err != nil {
					results <- err
					return
				}
				os.Stdout.WriteString(string(id) + "\n") // one write: whole lines
			}
			results <- nil
		}()
	}
	for range callers {
		if err := <-results; err != nil {
			return err
		}
	}
	return s.Close()
}

// childCapture is a capture that can be checked knowing its id alone.
func childCapture(id hook.ID) *hook.Capture {
	c := &hook.Capture{ID: id, ReceivedAt: noon(), Method: "POST", Target: "/" + string(id), Header: hook.Header{{Name: "Id", Value: string(id)}}}
	c.Identity = &hook.Identity{Provider: "recharge", Event: hook.Event{Type: "order/created", ID: string(id)}}
	setBody(c, hook.Bytes(strings.Repeat(string(id), 50)))
	return c
}

// childList prints the ids of all captures, without writing.
func childList(dir string, _ int) error {
	s, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer s.Close()
	for c, err := range s.Captures(context.Background(), store.Query{}) {
		if err != nil {
			return err
		}
		if _, err := hook.ReadBody(c.Body); err != nil {
			return err
		}
		fmt.Println(c.ID)
	}
	return nil
}

// childOpen opens the store to be written.
func childOpen(dir string, _ int) error {
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	return s.Close()
}

// childDelete deletes the capture n.
func childDelete(dir string, n int) error {
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	_, err = s.Delete(context.Background(), []int64{int64(n)})
	return errors.Join(err, s.Close())
}

// childHold has the store open until it is killed.
func childHold(dir string, _ int) error {
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Println("open")
	select {}
}

// childTB lets the fixtures work outside of a test.
type childTB struct{ testing.TB }

func (childTB) Helper() {}

func (childTB) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

// child makes the command that runs what as another process on the store in dir.
func child(t *testing.T, what, dir string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childVariable+"="+what, dirVariable+"="+dir)
	cmd.Stderr = os.Stderr
	return cmd
}

// lines starts cmd and returns a channel of what it prints, which is closed at its end.
func lines(t *testing.T, cmd *exec.Cmd) <-chan string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := make(chan string)
	go func() {
		defer close(c)
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			c <- scanner.Text()
		}
	}()
	return c
}
