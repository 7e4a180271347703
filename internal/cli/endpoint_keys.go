package cli

import (
	"errors"

	"github.com/hookctl/hookctl/internal/signature"
)

// validKeys are the secrets of the endpoint's own that are signed with now: while one is
// rotated its old one passes away with time. None where the provider's count.
func (e *knownEndpoint) validKeys(a *app) ([]signature.Key, error) {
	if len(e.config.Secret) > 0 || len(e.troubles) > 0 {
		return e.keys, errors.Join(e.troubles...)
	}
	ring, err := a.endpointRing(e.Name)
	if err != nil || ring == nil {
		return nil, err
	}
	return ring.keys(e.Name, a.world.Now()), nil
}
