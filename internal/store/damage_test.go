package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

const page = 4096

// A victim is a store to be damaged: its file, and what is in it.
type victim struct {
	file     []byte
	captures map[hook.ID]*hook.Capture
	attempts map[hook.ID]*hook.Attempt
	before   map[hook.ID]*hook.Identity // those of captures that were judged anew

	deliveries map[hook.ID]*hook.Delivery
	standings  map[string]hook.Standing
}

func newVictim(t *testing.T) victim {
	t.Helper()
	dir, m := t.TempDir(), newMaker(t)
	s := openStore(t, dir)
	v := victim{captures: map[hook.ID]*hook.Capture{}, attempts: map[hook.ID]*hook.Attempt{}, before: map[hook.ID]*hook.Identity{}}
	v.deliveries, v.standings = map[hook.ID]*hook.Delivery{}, map[string]hook.Standing{}
	for i := range 80 {
		c := m.capture(strings.Repeat(fmt.Sprintf("body %d ", i), 150))
		if i == 40 {
			c = m.capture(strings.Repeat("a large body ", 81_000))
		}
		if i%2 == 0 {
			identified(failedOrder())(c)
			c.Identity.Event.ID = fmt.Sprintf("evt_%d.", i)
		}
		keep(t, s, c)
		v.captures[c.ID] = c
		if i%8 == 0 {
			judged := &hook.Identity{Provider: "techrar", Event: hook.Event{Type: fmt.Sprintf("judged_%d.", i)}}
			if err := s.Judge(t.Context(), c.Seq, judged); err != nil {
				t.Fatal(err)
			}
			v.before[c.ID], c.Identity = c.Identity, judged
		}
		if i%4 == 0 {
			a := m.attempt(c)
			record(t, s, a)
			v.attempts[a.ID] = a
		}
		if i%2 == 0 {
			v.deliver(t, s, m, c, i)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := store.IndexAll(dir); err != nil {
		t.Fatal(err)
	}
	var err error
	if v.file, err = os.ReadFile(filepath.Join(dir, "hookctl.db")); err != nil {
		t.Fatal(err)
	}
	return v
}

// deliver makes deliveries of c and of a message, and an attempt at each.
func (v *victim) deliver(t *testing.T, s *store.Store, m *maker, c *hook.Capture, i int) {
	t.Helper()
	place := fmt.Sprintf("endpoint %d.", i)
	theirs := m.delivery(place, of(c))
	ours := m.delivery(place, func(d *hook.Delivery) { d.Message.Body = []byte(strings.Repeat(fmt.Sprintf("message %d. ", i), 40)) })
	enqueue(t, s, theirs, ours)
	for _, d := range []*hook.Delivery{theirs, ours} {
		a := m.attempt(&hook.Capture{}, func(a *hook.Attempt) { a.Delivery, a.Endpoint, a.Event = d.ID, place, "order/created" })
		advance(t, s, a, d.ID, func(d *hook.Delivery, st *hook.Standing) {
			d.Tries, d.Reason = i, fmt.Sprintf("reason %d.", i)
			st.InRow++
			v.standings[place] = *st
		})
		d.Tries, d.Reason = i, fmt.Sprintf("reason %d.", i)
		v.attempts[a.ID], v.deliveries[d.ID] = a, d
	}
}

func TestDamageCostsOnlyWhatIsDamaged(t *testing.T) {
	v := newVictim(t)
	pages := len(v.file) / page
	type damage struct {
		name string
		do   func(file []byte) []byte
		lost int // captures at most
	}
	damages := []damage{
		{"nothing", func(f []byte) []byte { return f }, 0},
		{"empty", func([]byte) []byte { return nil }, 80},
		{"garbage", func(f []byte) []byte { return fillRandom(f, 1) }, 80},
		{"all zero", func(f []byte) []byte { clear(f); return f }, 80},
		{"head zero", func(f []byte) []byte { clear(f[:100]); return f }, 0},
		{"first page zero", func(f []byte) []byte { clear(f[:page]); return f }, 0},
		{"first page garbage", func(f []byte) []byte { fillRandom(f[:page], 2); return f }, 0},
		{"half a page short", func(f []byte) []byte { return f[:len(f)-page/2] }, 1},
		{"cut in half", func(f []byte) []byte { return f[:len(f)/2] }, 80},
		{"one byte", func(f []byte) []byte { return f[:1] }, 80},
		{"text", func([]byte) []byte { return []byte("this is no database\n") }, 80},
	}
	for n := 1; n < pages; n += 1 + n/5 {
		damages = append(damages,
			damage{fmt.Sprintf("page %d zero", n+1), func(f []byte) []byte { clear(f[n*page : (n+1)*page]); return f }, 3},
			damage{fmt.Sprintf("page %d garbage", n+1), func(f []byte) []byte { fillRandom(f[n*page:(n+1)*page], uint64(n)); return f }, 3},
		)
	}
	random := rand.New(rand.NewPCG(7, 11))
	for i := range 24 {
		at, bit := random.IntN(len(v.file)), random.IntN(8)
		if i < 12 { // where the links are
			at = random.IntN(pages)*page + random.IntN(100)
		}
		damages = append(damages, damage{fmt.Sprintf("byte %d bit %d", at, bit), func(f []byte) []byte { f[at] ^= 1 << bit; return f }, 3})
	}
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "hookctl.db"), d.do(bytes.Clone(v.file)), 0o600); err != nil {
				t.Fatal(err)
			}
			use(t, dir)
			checkRepair(t, dir, v, d.lost)
		})
	}
}

func TestADamagedIdentityCostsNoCapture(t *testing.T) {
	v := newVictim(t)
	for _, test := range []struct {
		what, text string
		want       func(*hook.Capture) *hook.Identity
	}{
		{"one that came with its capture", "evt_42.", func(*hook.Capture) *hook.Identity { return nil }},
		{"one that was judged later", "judged_48.", func(c *hook.Capture) *hook.Identity { return v.before[c.ID] }},
		{"one that was judged anew", "evt_48.", func(c *hook.Capture) *hook.Identity { return c.Identity }},
	} {
		t.Run(test.what, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "hookctl.db"), flipAll(v.file, test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			report, err := store.Check(t.Context(), dir)
			if err != nil || report.Captures != len(v.captures) || report.DamagedCount != 1 || report.Damaged[0].What != "identity" {
				t.Fatalf("%+v, %v", report, err)
			}
			check := func() {
				t.Helper()
				s := openStore(t, dir)
				defer s.Close()
				for _, c := range collect(t, s.Captures(t.Context(), store.Query{})) {
					want := *v.captures[c.ID]
					if c.Seq == report.Damaged[0].Seq {
						want.Identity = test.want(&want)
					}
					sameCapture(t, &want, c)
				}
			}
			check()
			if report, err := store.Repair(t.Context(), dir); err != nil || report.Captures != len(v.captures) {
				t.Fatalf("%+v, %v", report, err)
			}
			check()
			if again, err := store.Check(t.Context(), dir); err != nil || !again.Sound() {
				t.Errorf("after repair: %+v, %v", again, err)
			}
		})
	}
}

func TestAMalformedZoneIsDamage(t *testing.T) {
	dir, m := t.TempDir(), newMaker(t)
	s := openStore(t, dir)
	c := m.capture("", identified(failedOrder()))
	keep(t, s, c)
	if err := errors.Join(s.Close(), store.IndexAll(dir), store.SpoilZones(dir)); err != nil {
		t.Fatal(err)
	}
	use(t, dir)
	s = openStore(t, dir)
	if err := s.Judge(t.Context(), c.Seq, nil); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("judge: %v", err)
	}
	sameCapture(t, c, find(t, s, string(c.ID)))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if report, err := store.Check(t.Context(), dir); err != nil || report.Sound() {
		t.Errorf("check: %+v, %v", report, err)
	}
	checkRepair(t, dir, victim{captures: map[hook.ID]*hook.Capture{c.ID: c}}, 0)
	if got := search(t, openStore(t, dir), "provider:recharge", 0); len(got) != 1 {
		t.Error(got)
	}
}

// checkDeliveries demands that what is in s of deliveries is as it was, but that those
// are cancelled which lost what they send.
func (v victim) checkDeliveries(t *testing.T, s *store.Store, lost int) {
	t.Helper()
	n := 0
	for _, listed := range collect(t, s.Deliveries(t.Context(), store.DeliveryQuery{})) {
		want := v.deliveries[listed.ID]
		if want == nil { // made by use, or by who calls this
			continue
		}
		n++
		if listed.State == hook.Cancelled && strings.HasPrefix(listed.Reason, "what it sends was lost") {
			continue
		}
		got, err := s.FindDelivery(t.Context(), string(listed.ID))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", listed.ID, err, diff)
		}
	}
	if few := 30; lost <= 3 && len(v.deliveries)-n > few { // as many as fit a page
		t.Errorf("%d of %d deliveries are left", n, len(v.deliveries))
	}
	all, err := s.Standings(t.Context())
	if err != nil {
		t.Error(err)
	}
	for place, st := range all {
		if want, ok := v.standings[place]; ok && !cmp.Equal(want, st) {
			t.Errorf("%s: %+v, want %+v", place, st, want)
		}
	}
}

func fillRandom(b []byte, seed uint64) []byte {
	random := rand.New(rand.NewPCG(seed, seed))
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	return b
}

// use does with the store in dir what one does with a store. Nothing may panic, and
// what fails says why.
func use(t *testing.T, dir string) {
	t.Helper()
	ctx := context.Background()
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		if !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrNewer) {
			t.Errorf("open: %v", err)
		}
		return
	}
	defer s.Close()
	check := func(what string, err error) {
		var missing *store.NotFoundError
		if err != nil && !errors.Is(err, store.ErrDamaged) && !errors.As(err, &missing) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, text := range []string{"", "status:200 path:/orders method:POST", "body:large", "since:1h id:Z", "provider:recharge event:order/*", "verified:unchecked", "id:evt_2."} {
		q, err := store.ParseQuery(text, noon().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		for c, err := range s.Captures(ctx, q) {
			check("captures", err)
			if err == nil {
				_, err := hook.ReadBody(c.Body)
				check("body", err)
			}
		}
	}
	for _, err := range s.Attempts(ctx, store.AttemptQuery{}) {
		check("attempts", err)
	}
	for _, err := range s.Attempts(ctx, store.AttemptQuery{Bare: true, Event: "order/*"}) {
		check("bare attempts", err)
	}
	for d, err := range s.Deliveries(ctx, store.DeliveryQuery{}) {
		check("deliveries", err)
		if err == nil {
			_, err := s.FindDelivery(ctx, string(d.ID))
			check("find delivery", err)
		}
	}
	for _, err := range s.Pending(ctx, "", 0) {
		check("pending", err)
	}
	_, err = s.Standings(ctx)
	check("standings", err)
	_, err = s.LastRun(ctx)
	check("run", err)
	_, err = s.Find(ctx, "last")
	check("find", err)
	_, err = s.Stats(ctx)
	check("stats", err)
	check("keep", <-s.Keep(newMaker(t).capture("x", func(c *hook.Capture) { c.Method = "LATER" })))
}

// checkRepair repairs the store in dir, and demands that all but lost captures of v
// are in it, as they were.
func checkRepair(t *testing.T, dir string, v victim, lost int) {
	t.Helper()
	ctx := context.Background()
	found, err := store.Check(ctx, dir)
	if errors.Is(err, store.ErrNewer) {
		t.Skip("the version in the head became a later one, which is not ours to touch")
	}
	if err != nil {
		t.Fatalf("check: %v", err)
	}
	report, err := store.Repair(ctx, dir)
	if err != nil {
		t.Fatalf("repair: %v", err)
	}
	if found.Sound() != (report.Kept == "") {
		t.Errorf("sound: %v, damaged file kept at %q", found.Sound(), report.Kept)
	}
	if again, err := store.Check(ctx, dir); err != nil || !again.Sound() {
		t.Errorf("after repair: %+v, %v", again, err)
	}
	s := openStore(t, dir)
	captures, identities := 0, 0
	for _, got := range collect(t, s.Captures(ctx, store.Query{})) {
		if got.Method == "LATER" {
			continue
		}
		captures++
		want := v.captures[got.ID]
		if want != nil && !cmp.Equal(want.Identity, got.Identity) { // damaged by itself
			bare := *want
			if bare.Identity = v.before[got.ID]; got.Identity == nil {
				identities++
				bare.Identity = nil
			}
			want = &bare
		}
		sameCapture(t, want, got)
	}
	if missing := len(v.captures) - captures; missing > lost {
		t.Errorf("%d captures lost, want %d at most; %+v", missing, lost, report)
	}
	if missing := len(v.captures) - captures + identities; lost < len(v.captures) && missing > report.DamagedCount {
		t.Errorf("%d captures and identities lost, %d damaged records in the report", missing, report.DamagedCount)
	}
	for _, a := range collect(t, s.Attempts(ctx, store.AttemptQuery{})) {
		if diff := cmp.Diff(v.attempts[a.ID], a); diff != "" {
			t.Errorf("%s came back changed:\n%s", a.ID, diff)
		}
	}
	v.checkDeliveries(t, s, lost)
	next := newMaker(t).capture("")
	if keep(t, s, next); captures > 0 && next.Seq <= int64(len(v.captures)) && lost <= 3 {
		t.Errorf("seq %d is used again", next.Seq)
	}
}
