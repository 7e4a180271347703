package hook_test

import (
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
)

func TestAnAttemptFailsWhenItIsNotTaken(t *testing.T) {
	yes, no := true, false
	for name, test := range map[string]struct {
		attempt           hook.Attempt
		succeeded, failed bool
	}{
		"a 2xx":                         {hook.Attempt{Status: 204}, true, false},
		"another status":                {hook.Attempt{Status: 302}, false, true},
		"a 2xx that broke off":          {hook.Attempt{Status: 200, Failure: hook.FailureBroken}, false, true},
		"nobody there":                  {hook.Attempt{Failure: hook.FailureUnreachable}, false, true},
		"a 2xx that the policy refuses": {hook.Attempt{Status: 202, Acknowledged: &no}, false, true},
		"a 409 that the policy takes":   {hook.Attempt{Status: 409, Acknowledged: &yes}, true, false},
		"broken off by hookctl":         {hook.Attempt{Failure: hook.FailureCancelled}, false, false},
		"broken off, and judged":        {hook.Attempt{Failure: hook.FailureCancelled, Acknowledged: &no}, false, false},
	} {
		if test.attempt.Succeeded() != test.succeeded || test.attempt.Failed() != test.failed {
			t.Errorf("%s: succeeded %v, failed %v", name, test.attempt.Succeeded(), test.attempt.Failed())
		}
	}
}
