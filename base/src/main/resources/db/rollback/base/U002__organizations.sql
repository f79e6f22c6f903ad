DROP TABLE plinth_base.organizations;
