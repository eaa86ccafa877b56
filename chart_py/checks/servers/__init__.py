"""Users' servers: profiles, resources, and the pods that KubeSpawner makes of them."""
