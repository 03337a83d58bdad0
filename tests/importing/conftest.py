from tests.desk.conftest import world as world
