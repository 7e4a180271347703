package cli

import (
	"fmt"

	"github.com/hookctl/hookctl/internal/render"
)

// runEndpointSecret prints the secret that deliveries to an endpoint are signed with.
func runEndpointSecret(a *app, name string, public bool) error {
	e, err := a.findEndpoint(name)
	if err != nil {
		return err
	}
	keys, err := e.validKeys(a)
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		return e.noSecret()
	}
	show := "hookctl secret show --endpoint " + name
	key, text := "secret", keys[0].Secret
	if public {
		p, err := e.profileFor(a, orDefault(e.Provider, standardPolicy))
		if err != nil {
			return err
		}
		key = "public_key"
		if text, err = publicKey(p, keys[0], show, "hookctl endpoint rotate-secret "+name+" makes another"); err != nil {
			return err
		}
	}
	if err := a.tellOldSecrets(e, len(keys)); err != nil {
		return err
	}
	if a.global.json {
		return render.WriteJSON(a.world.Stdout, map[string]string{"endpoint": name, key: text})
	}
	return a.printSecret(e.Provider, key, text)
}

// noSecret says that an endpoint has no secret of its own, and which one counts.
func (e *knownEndpoint) noSecret() error {
	hint, owner := "", "that of each event's provider"
	if e.provider != nil {
		owner = "that of " + e.Provider
		hint = "hookctl secret show " + e.Provider + " prints that, hookctl endpoint rotate-secret " + e.Name + " makes one for this endpoint alone"
	}
	return cannot(hint, fmt.Errorf("endpoint %s has no secret of its own: %s counts", e.Name, owner))
}

// tellOldSecrets says which secrets but the newest deliveries are signed with as well.
func (a *app) tellOldSecrets(e *knownEndpoint, valid int) error {
	m := a.messages()
	if len(e.config.Secret) > 0 {
		if valid > 1 {
			m.Status(fmt.Sprintf("%s names %d secrets of endpoint %s: this is the first, and deliveries are signed with all of them", configName, valid, e.Name))
		}
		return nil
	}
	path, err := a.endpointRingPath(e.Name)
	if err != nil {
		return err
	}
	a.warnReadable(path)
	ring, err := a.endpointRing(e.Name)
	if err != nil || ring == nil {
		return err
	}
	for _, old := range ring.Before {
		if a.world.Now().Before(old.Until) {
			m.Status("deliveries are signed with the old one too until " + old.Until.Local().Format("2006-01-02 15:04:05 -07:00"))
		}
	}
	return nil
}
