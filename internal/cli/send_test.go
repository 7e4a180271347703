package cli

import (
	"strings"
	"testing"
)

// What is interrupted is taken up by the command that was told.
func TestResumeCommandIsWhole(t *testing.T) {
	o := &sendOptions{speed: 60, secrets: []string{"env:A", "literal"}, errorsTo: "http://u:p@h/e", insecure: true, yes: true}
	o.set = []string{"policy.retry=announced", "data.id=5", "rule:event.new_id=uuid", "policy.retry.delays=[1m, 5m]"}
	want := "hookctl send --resume --set policy.retry=announced --set rule:event.new_id=uuid --set 'policy.retry.delays=[1m, 5m]' --secret env:A --speed 60x --errors-to"
	got := o.resumeCommand()
	if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, " --insecure --yes") {
		t.Errorf("got  %s\nwant %s …", got, want)
	}
	for _, secret := range []string{"literal", "u:p"} {
		if strings.Contains(got, secret) {
			t.Errorf("%s shows in %s", secret, got)
		}
	}
}

func TestShuffleIsThatOfItsSeed(t *testing.T) {
	order := func(seed uint64) string {
		var messages []*eventMessage
		for _, name := range strings.Split("abcdefghij", "") {
			p := &eventMessage{}
			p.event.Type = name
			messages = append(messages, p)
		}
		shuffle(messages, seed)
		text := ""
		for _, p := range messages {
			text += p.event.Type
		}
		return text
	}
	if order(7) != order(7) || order(7) == order(8) || order(7) == "abcdefghij" {
		t.Errorf("7: %s and %s, 8: %s", order(7), order(7), order(8))
	}
}

func TestSeedRefusesNonsense(t *testing.T) {
	for _, text := range []string{"", "-1", "1.5", "a"} {
		if err := new(seedNumber).Set(text); err == nil {
			t.Errorf("--seed %q was taken", text)
		}
	}
}
